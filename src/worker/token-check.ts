import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { bad, good, type Result } from "./result.ts";

/** Asymmetric ones only: with any other, who can check a token can make one. */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
/** Three parts, each with the one spelling that it has. */
const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Clocks of authority and edge differ by less; what is expired for longer is refused. */
const LEEWAY_S = 5;

/** What is wrong with a token. For operators: whoever sent it is not told. */
export type TokenFault =
  | "malformed"
  | "algorithm"
  | "unknown-key"
  | "signature"
  | "issuer"
  | "audience"
  | "expired"
  | "not-yet-valid"
  | "claims";

export interface Claims extends JWTPayload {
  /** Seconds since 1970. */
  readonly exp: number;
}

export interface Expected {
  readonly authority: string;
  readonly audience: string;
}

/**
 * Checks the signature of a JWT by the authority's keys, then its claims; headers that bring keys of their own, or say
 * where some are, count for nothing. The signature comes first, so that who cannot sign learns nothing about claims.
 */
export async function checkToken(
  token: string,
  keys: JSONWebKeySet,
  { authority, audience }: Expected,
  nowMs: number,
): Promise<Result<Claims, TokenFault>> {
  if (!COMPACT_JWS.test(token)) return bad("malformed");
  try {
    // A set of its own for each check: a set keeps promises of imported keys, and a Worker cannot await those of
    // another request.
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: authority,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ["exp"],
      clockTolerance: LEEWAY_S,
      currentDate: new Date(nowMs),
    });
    return good(payload as Claims);
  } catch (error) {
    return bad(faultOf(error));
  }
}

/** Until when what a token allows may go on, in ms since 1970. */
export function expiryMs({ exp }: Claims): number {
  return (exp + LEEWAY_S) * 1000;
}

const CLAIM_FAULTS: Readonly<Record<string, TokenFault>> = {
  iss: "issuer",
  aud: "audience",
  nbf: "not-yet-valid",
};

/** Whatever the library throws at a token, the token is refused. */
function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_FAULTS[error.claim] ?? "claims";
  if (error instanceof errors.JOSEAlgNotAllowed) return "algorithm";
  if (error instanceof errors.JWKSNoMatchingKey) return "unknown-key";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  return "malformed";
}
