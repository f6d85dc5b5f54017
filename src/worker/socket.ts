import type { Socket } from "../session/ports.ts";
import type { KeptViewer } from "../session/viewer.ts";

/** Codes that a Close frame must not carry (RFC 6455, 7.4.1): a reply without a code stands for them. */
const UNSENDABLE_CODES = new Set([1004, 1005, 1006, 1015]);

export function adaptSocket(socket: WebSocket): Socket {
  return {
    send: (message) => socket.send(message),
    close: (code, reason) => {
      try {
        if (UNSENDABLE_CODES.has(code)) socket.close();
        else socket.close(code, reason);
      } catch {
        // Closed before: then there is nothing left to say.
      }
    },
    // Since workerd 1.20261117 (workerd PR 8479); older runtimes have no such property.
    bufferedBytes: () => (typeof socket.bufferedAmount === "number" ? socket.bufferedAmount : null),
    keep: (value) => socket.serializeAttachment(value),
  };
}

/** What a socket kept; null when an older version of this code kept it, or nothing did. */
export function keptViewer(socket: WebSocket): KeptViewer | null {
  const kept = socket.deserializeAttachment() as KeptViewer | null;
  return kept?.version === 3 ? kept : null;
}
