/** What came of a check: no exception, no hidden control flow. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: E };

export const good = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const bad = <E>(reason: E): { ok: false; reason: E } => ({ ok: false, reason });
