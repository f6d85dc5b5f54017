import { encodeRequest, type SubscriptionRequest } from "../wire/request-encoder.ts";
import type { Runtime, SocketOptions } from "./runtime.ts";

const SUB_PROTOCOL = "mat.ocs.rta.stream-lz4";

type SocketRuntime = Pick<Runtime, "sendsHeaders"> & {
  readonly WebSocket: NonNullable<Runtime["WebSocket"]>;
};

/** What one WebSocket to a session's stream tells. */
export interface ConnectionEvents {
  opened(): void;
  /** One binary message: an LZ4 block; null for a message of another kind. */
  message(block: Uint8Array | null): void;
  /** Once, last. `opened` tells whether the handshake had succeeded. */
  closed(code: number, opened: boolean): void;
}

/** One WebSocket to a session's stream. */
export interface Connection {
  /** Widens the subscription; does nothing before `opened`. */
  subscribe(request: Partial<SubscriptionRequest>): void;
  /** Starts the close handshake. Nothing is told after it. */
  close(): void;
}

/**
 * Connects to the stream of a session at `baseUrl` (http or https). Throws SyntaxError when the token must travel as a
 * sub-protocol and has characters that none may have.
 */
export function connect(
  baseUrl: string,
  identity: string,
  token: string | undefined,
  { WebSocket, sendsHeaders }: SocketRuntime,
  events: ConnectionEvents,
): Connection {
  const url = `${baseUrl.replace(/^http/, "ws")}/rta/v2/sessions/${encodeURIComponent(identity)}/stream`;
  const socket = new WebSocket(url, socketOptions(token, sendsHeaders));
  socket.binaryType = "arraybuffer";
  let opened = false;
  socket.onopen = () => {
    opened = true;
    events.opened();
  };
  socket.onmessage = ({ data }) => events.message(data instanceof ArrayBuffer ? new Uint8Array(data) : null);
  // The close that follows tells; the package ws would throw an error that nobody listens to.
  socket.onerror = () => {};
  socket.onclose = ({ code }) => events.closed(code, opened);
  return {
    subscribe(request) {
      if (opened) socket.send(encodeRequest(request));
    },
    close() {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close(1000);
    },
  };
}

function socketOptions(token: string | undefined, sendsHeaders: boolean): SocketOptions {
  if (token === undefined) return [SUB_PROTOCOL];
  if (sendsHeaders) return { protocols: [SUB_PROTOCOL], headers: { authorization: `Bearer ${token}` } };
  return [SUB_PROTOCOL, `bearer.${token}`];
}
