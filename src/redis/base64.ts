import type { Reply } from "./gateway.ts";

/** Node 24, where unit tests run, does not have it yet; workerd and browsers do. */
const native = (Uint8Array as { fromBase64?: (text: string) => Uint8Array }).fromBase64;

/** The bytes of a base64 string of a reply; null when it is not one. */
export function bytesOf(reply: Reply | undefined): Uint8Array | null {
  if (typeof reply !== "string") return null;
  // The one string that gateways leave as it is; padded base64 is never two characters long.
  if (reply === "OK") return new Uint8Array([0x4f, 0x4b]);
  try {
    if (native) return native(reply);
    return Uint8Array.from(atob(reply), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

// A byte order mark is part of a stored text, so it is kept.
const utf8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** The UTF-8 text of a base64 string of a reply; null when it is not one. */
export function textOf(reply: Reply | undefined): string | null {
  const bytes = bytesOf(reply);
  return bytes && utf8.decode(bytes);
}
