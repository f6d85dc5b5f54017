import type { Follower } from "./follower.ts";

/** The states of a session. */
export type Phase =
  /** Nobody is here: nothing is known and nothing is asked. */
  | { readonly kind: "idle" }
  /** The session is being looked for. */
  | { readonly kind: "resolving" }
  | { readonly kind: "live"; readonly follower: Follower }
  /** A closing Session JSON was seen; late data is still delivered. */
  | { readonly kind: "ended"; readonly follower: Follower; readonly closedAtMs: number };

export type Following = Extract<Phase, { readonly follower: Follower }>;

export function isFollowing(phase: Phase): phase is Following {
  return phase.kind === "live" || phase.kind === "ended";
}
