import type { CharacterKeys } from "./character-keys.ts";
import { type Actions, bindingsOf, isCharacter, keyName } from "./keys.ts";

/** Where keys write text. */
const TEXT_FIELDS = "input, textarea, select, [contenteditable]";
/** What the space bar and Enter press. */
const PRESSED = "button, a, summary, [role=tab], [role=option]";

/** Lets keys do what the table says, except where somebody types or a dialog is open. */
export function bindKeys(actions: Actions, characters: CharacterKeys): void {
  const bindings = bindingsOf();
  window.addEventListener("keydown", (event) => {
    const { target, key, altKey, shiftKey, ctrlKey, metaKey } = event;
    const hasAltGraph = event.getModifierState("AltGraph");
    const name = keyName({ key, altKey, shiftKey, ctrlKey, metaKey, hasAltGraph });
    if (event.defaultPrevented || !(target instanceof Element)) return;
    if (target.closest(TEXT_FIELDS) || document.querySelector("dialog[open]")) return;
    if ((name === "Space" || name === "Enter") && target.closest(PRESSED)) return;
    if (isCharacter(name) && !characters.areOn) return;
    const action = bindings.get(name);
    if (action === undefined) return;
    event.preventDefault();
    actions[action]();
  });
}
