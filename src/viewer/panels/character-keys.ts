import { recall, remember } from "../look/memory.ts";

const NAME = "character-keys";

/** Whether letters, digits and signs alone are keys. Who speaks to a device, or types by accident, turns them off. */
export class CharacterKeys {
  #areOn = recall(NAME) !== "off";

  get areOn(): boolean {
    return this.#areOn;
  }

  set areOn(areOn: boolean) {
    this.#areOn = areOn;
    remember(NAME, areOn ? "on" : "off");
  }
}
