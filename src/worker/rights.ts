import { type Claims, expiryMs } from "./token-check.ts";

/** What whoever made a request may do. */
export interface Grant {
  /** ms since 1970; infinite when no token is asked for. */
  readonly expiresAtMs: number;
  /** Identities of the sessions that it is good for; null: all. */
  readonly sessions: ReadonlySet<string> | null;
}

export const UNLIMITED: Grant = { expiresAtMs: Number.POSITIVE_INFINITY, sessions: null };

/** What a request needs: rights to one session, to all of them, or just a token. */
export type Need =
  | { readonly kind: "session"; readonly identity: string }
  | { readonly kind: "all-sessions" }
  | { readonly kind: "token" };

const ALL = "*";

/**
 * Reads the rights of a token that has been checked. With a `sessionsClaim` it is good for the sessions which that
 * claim names, in a list or in a text with spaces; null when there is no such claim, or another kind of value.
 */
export function grantOf(claims: Claims, sessionsClaim: string | undefined): Grant | null {
  const expiresAtMs = expiryMs(claims);
  if (sessionsClaim === undefined) return { expiresAtMs, sessions: null };
  const value = Object.hasOwn(claims, sessionsClaim) ? claims[sessionsClaim] : null;
  const names: unknown = typeof value === "string" ? value.split(" ") : value;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) return null;
  return { expiresAtMs, sessions: names.includes(ALL) ? null : new Set(names) };
}

export function allows({ sessions }: Grant, need: Need): boolean {
  switch (need.kind) {
    case "session":
      return sessions === null || sessions.has(need.identity);
    case "all-sessions":
      return sessions === null;
    case "token":
      return true;
  }
}

/** Read otherwise by some servers: an encoded dot, slash, backslash or percent sign. */
const AMBIGUOUS = /%(?:2e|2f|5c|25)/i;

/**
 * What a REST request needs. What is not surely about one session, or a configuration, needs all of them: servers differ
 * in how they read a path, and a list tells of every session.
 */
export function restNeed(pathname: string): Need {
  const [, kind, name, rest = ""] = /^\/rta\/v2\/(sessions|configs)\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  if (name === undefined || AMBIGUOUS.test(rest)) return { kind: "all-sessions" };
  if (kind === "configs") return AMBIGUOUS.test(name) ? { kind: "all-sessions" } : { kind: "token" };
  try {
    return { kind: "session", identity: decodeURIComponent(name) };
  } catch {
    return { kind: "all-sessions" };
  }
}
