import type { JSONWebKeySet } from "jose";
import type { CarriedToken } from "./carried-token.ts";
import type { AuthSettings } from "./config.ts";
import { type FaultName, fault } from "./replies.ts";
import { bad, good, type Result } from "./result.ts";
import { allows, type Grant, grantOf, type Need } from "./rights.ts";
import { type Claims, checkToken, type TokenFault } from "./token-check.ts";

/** Why a request is refused. For operators: see `refuse` for what its sender learns. */
export type Refusal = TokenFault | "missing" | "no-rights" | "authority-away";

export interface KeySource {
  keys(): Promise<JSONWebKeySet | null>;
  keysBeyond(known: JSONWebKeySet): Promise<JSONWebKeySet | null>;
}

export interface AuthDeps {
  readonly authority: KeySource;
  /** ms since 1970. */
  readonly now: () => number;
}

/** What the token of a request allows, if that covers what the request needs. */
export async function authorize(
  carried: CarriedToken,
  need: Need,
  settings: AuthSettings,
  deps: AuthDeps,
): Promise<Result<Grant, Refusal>> {
  if (carried.kind !== "token") return bad(carried.kind === "none" ? "missing" : "malformed");
  const checked = await check(carried.token, settings, deps);
  if (!checked.ok) return checked;
  const grant = grantOf(checked.value, settings.sessionsClaim);
  return grant && allows(grant, need) ? good(grant) : bad("no-rights");
}

async function check(
  token: string,
  settings: AuthSettings,
  { authority, now }: AuthDeps,
): Promise<Result<Claims, Refusal>> {
  const keys = await authority.keys();
  if (!keys) return bad("authority-away");
  const checked = await checkToken(token, keys, settings, now());
  if (checked.ok || checked.reason !== "unknown-key") return checked;
  const newer = await authority.keysBeyond(keys);
  if (!newer) return bad("authority-away");
  return newer === keys ? checked : checkToken(token, newer, settings, now());
}

/** Clients may ask again after this; the authority is asked no sooner. */
const RETRY_AFTER_S = 5;

/** All that the sender of a refused request learns: no token, a token that is not good, or not good for this. */
export function refuse(reason: Refusal): Response {
  const challenge = (name: FaultName, value: string) => fault(name, { "WWW-Authenticate": value });
  switch (reason) {
    case "missing":
      return challenge("unauthorized", "Bearer");
    case "malformed":
    case "algorithm":
    case "unknown-key":
    case "signature":
    case "issuer":
    case "audience":
    case "expired":
    case "not-yet-valid":
    case "claims":
      return challenge("unauthorized", 'Bearer error="invalid_token"');
    case "no-rights":
      return challenge("forbidden", 'Bearer error="insufficient_scope"');
    case "authority-away":
      return fault("authorityAway", { "Retry-After": `${RETRY_AFTER_S}` });
  }
}
