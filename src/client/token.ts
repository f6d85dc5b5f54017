import { type FollowOptions, isToken } from "./options.ts";

/** The token in use, and where the next one comes from. */
export class TokenSource {
  readonly #source: FollowOptions["token"];
  #current: string | undefined;
  #refused: string | undefined;

  constructor(source: FollowOptions["token"]) {
    this.#source = source;
    if (typeof source === "string") this.#current = source;
  }

  /** Undefined before the first, and without tokens. */
  get current(): string | undefined {
    return this.#current;
  }

  get canRenew(): boolean {
    return typeof this.#source === "function";
  }

  /** Asks for a token to go on with. `refused`: it is the one that was; `failed`: there is none at the moment. */
  async renew(): Promise<"ready" | "refused" | "failed"> {
    if (typeof this.#source !== "function") return "ready";
    try {
      const token = await this.#source();
      if (!isToken(token)) return "failed";
      this.#current = token;
      return token === this.#refused ? "refused" : "ready";
    } catch {
      return "failed";
    }
  }

  /** The current token was refused. */
  refuse(): void {
    this.#refused = this.#current;
  }
}
