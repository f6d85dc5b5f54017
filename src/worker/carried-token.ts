/** Far above what authorities issue; work for a token grows with its length. */
const MAX_TOKEN_LENGTH = 8 * 1024;
/** RFC 6750, 2.1. */
const TOKEN = /^[\w.~+/-]+=*$/;
const SUBPROTOCOL_PREFIX = "bearer.";
const PARAMETER = "access_token";

/** The bearer token of a request, not checked yet. */
export type CarriedToken =
  | { readonly kind: "none" }
  /** Something is where a token should be. */
  | { readonly kind: "malformed" }
  | { readonly kind: "token"; readonly token: string };

/** A request, and the token that came with it. */
export interface Visit {
  readonly request: Request;
  /** Without `access_token`: fit to be logged and passed on. */
  readonly url: URL;
  readonly carried: CarriedToken;
}

/**
 * Takes the token of a request: from `Authorization: Bearer T`, else from an offered sub-protocol `bearer.T`, else
 * from the parameter `access_token`. The first place that holds anything counts, and it must hold one token.
 */
export function readVisit(request: Request): Visit {
  const url = new URL(request.url);
  const segments = url.search.slice(1).split("&");
  const parameters = segments.flatMap((segment) => new URLSearchParams(segment).getAll(PARAMETER));
  if (parameters.length > 0) url.search = segments.filter((segment) => !isToken(segment)).join("&");
  const places = [fromAuthorization(request.headers), fromSubprotocols(request.headers), parameters];
  const found = places.find((tokens) => tokens.length > 0);
  return { request, url, carried: found ? carried(found) : { kind: "none" } };
}

function isToken(segment: string): boolean {
  return new URLSearchParams(segment).has(PARAMETER);
}

function carried([token = "", ...others]: readonly string[]): CarriedToken {
  const fits = others.length === 0 && token.length <= MAX_TOKEN_LENGTH && TOKEN.test(token);
  return fits ? { kind: "token", token } : { kind: "malformed" };
}

/** Other schemes carry no token of ours. */
function fromAuthorization(headers: Headers): string[] {
  const bearer = /^bearer(?: +(.*))?$/i.exec(headers.get("Authorization") ?? "");
  return bearer ? [bearer[1] ?? ""] : [];
}

/** The list may come in several headers, which `get` joins. */
function fromSubprotocols(headers: Headers): string[] {
  return (headers.get("Sec-WebSocket-Protocol") ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each.startsWith(SUBPROTOCOL_PREFIX))
    .map((each) => each.slice(SUBPROTOCOL_PREFIX.length));
}
