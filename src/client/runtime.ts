/** The part of the WebSocket API that following a session needs; browsers, Workers and Node have it. */
export interface Socket {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onerror?: ((event: never) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** Sub-protocols, or Node's way to send headers beside them. */
export type SocketOptions =
  | string[]
  | { readonly protocols: string[]; readonly headers: Readonly<Record<string, string>> };

/** What surrounds the client: network, clock, chance, timers. Tests bring their own. */
export interface Runtime {
  /** Absent where the platform has none, such as Node 20. */
  readonly WebSocket: (new (url: string, options: SocketOptions) => Socket) | undefined;
  /** Whether `WebSocket` can send headers: a token then goes there, else as a sub-protocol `bearer.T`. */
  readonly sendsHeaders: boolean;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** At least 0, below 1. */
  readonly random: () => number;
  /** Runs the task once, later; returns what cancels it. */
  readonly after: (delayMs: number, task: () => void) => () => void;
}

/** The platform's own parts, but for those given. */
export function runtimeWith(given: Partial<Runtime>): Runtime {
  return {
    WebSocket: globalThis.WebSocket as unknown as Runtime["WebSocket"],
    sendsHeaders: given.WebSocket === undefined && isNode(),
    fetch: (url, init) => fetch(url, init),
    nowMs: Date.now,
    random: Math.random,
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
    ...given,
  };
}

function isNode(): boolean {
  const { navigator } = globalThis as { navigator?: { readonly userAgent?: string } };
  return navigator?.userAgent?.startsWith("Node.js/") ?? false;
}
