/** The part of the WebSocket API that following a session needs; browsers and Node have it. */
export interface Socket {
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number }) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** What surrounds the client: network, clock, chance, timers. Tests bring their own. */
export interface Runtime {
  /** Absent where the platform has none. */
  readonly WebSocket: (new (url: string, protocol: string) => Socket) | undefined;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  /** At least 0, below 1. */
  readonly random: () => number;
  /** Runs the task once, later; returns what cancels it. */
  readonly after: (delayMs: number, task: () => void) => () => void;
}

/** The browser's or Node's own parts. */
export function systemRuntime(): Runtime {
  return {
    WebSocket: globalThis.WebSocket as unknown as Runtime["WebSocket"],
    fetch: (url, init) => fetch(url, init),
    nowMs: Date.now,
    random: Math.random,
    after: (delayMs, task) => {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  };
}
