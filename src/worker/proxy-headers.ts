import type { CarriedToken } from "./carried-token.ts";

/** They belong to one connection (RFC 9110, 7.6.1), as do all that `Connection` names. */
const HOP_BY_HOP = [
  ...["connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization"],
  ...["te", "trailer", "transfer-encoding", "upgrade"],
];
/** What anybody may claim about the way that a request came; what is known of it is set anew. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/** Headers without those that end with this connection. */
export function endToEnd(given: Headers): Headers {
  const headers = new Headers(given);
  const named = (given.get("Connection") ?? "").split(",").map((name) => name.trim());
  for (const name of [...HOP_BY_HOP, ...named.filter((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name))]) {
    headers.delete(name);
  }
  return headers;
}

/** Headers for the origin of a REST request; its token goes as `Authorization`, wherever it came. */
export function originHeaders(given: Headers, url: URL, carried: CarriedToken): Headers {
  const headers = endToEnd(given);
  for (const name of [...FORWARDED, "host"]) headers.delete(name);
  for (const name of [...headers.keys()]) if (name.startsWith("sec-websocket-")) headers.delete(name);
  // Set by Cloudflare's network, which lets no client send it.
  const client = given.get("CF-Connecting-IP");
  if (client !== null) headers.set("X-Forwarded-For", client);
  headers.set("X-Forwarded-Host", url.host);
  headers.set("X-Forwarded-Proto", url.protocol.slice(0, -1));
  if (carried.kind === "token") headers.set("Authorization", `Bearer ${carried.token}`);
  return headers;
}
