import { exports } from "cloudflare:workers";
import { expect, vi } from "vitest";
import { rta } from "../../src/wire/gen/rta.js";
import { decompress } from "../../src/wire/lz4.ts";
import { encodeRequest, type SubscriptionRequest } from "../../src/wire/request-encoder.ts";

type Item = rta.model.net.stream.StreamData.$Properties;

const SUBPROTOCOL = "mat.ocs.rta.stream-lz4";
/** Far longer than anything here takes: how long is not what these tests are about. */
const WAIT = { timeout: 20_000, interval: 5 };

/** Resolves when `condition` holds, or fails with what it last threw. */
export function eventually<T>(condition: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(condition, WAIT);
}

/** The stream of an identity, given as it stands in the path. */
export const streamUrl = (segment: string): string => `https://edge.test/rta/v2/sessions/${segment}/stream`;

/** Headers of a good upgrade but for those given; an empty one is left out. */
export function upgradeHeaders(given: HeadersInit = {}): Headers {
  const headers = new Headers({
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": SUBPROTOCOL,
  });
  for (const [name, value] of new Headers(given)) {
    if (value === "") headers.delete(name);
    else headers.set(name, value);
  }
  return headers;
}

export function requestStream(segment: string, headers: HeadersInit = {}): Promise<Response> {
  return exports.default.fetch(streamUrl(segment), { headers: upgradeHeaders(headers) });
}

/** The far end of a WebSocket: what arrived, and how it ended. */
export class TestViewer {
  readonly socket: WebSocket;
  readonly messages: Uint8Array[] = [];
  closed: { code: number; reason: string } | null = null;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.accept();
    socket.addEventListener("message", ({ data }) => {
      this.messages.push(new Uint8Array(data as ArrayBuffer));
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
    });
  }

  static async connect(identity: string): Promise<TestViewer> {
    const response = await requestStream(encodeURIComponent(identity));
    expect(response.status).toBe(101);
    expect(response.headers.get("Sec-WebSocket-Protocol")).toBe(SUBPROTOCOL);
    return new TestViewer(response.webSocket!);
  }

  /** Connects, and waits for the Session JSON. */
  static async join(identity: string): Promise<TestViewer> {
    const viewer = await TestViewer.connect(identity);
    await eventually(() => expect(viewer.messages.length).toBeGreaterThan(0));
    return viewer;
  }

  subscribe(request: Partial<SubscriptionRequest>): void {
    this.socket.send(encodeRequest(request));
  }

  /** All items that came, in their order; those of one message when its number is given. */
  items(message?: number): Item[] {
    const messages = message === undefined ? this.messages : this.messages.slice(message, message + 1);
    return messages.flatMap((each) => {
      const burst = decompress(each, 1024 * 1024);
      return rta.model.net.stream.StreamDataBurst.decode(burst).data as Item[];
    });
  }

  /** The numbers in samples that `numbered` made, in their order. */
  numbers(): number[] {
    return this.items().flatMap(({ periodicData }) => {
      const bytes = periodicData?.buffer;
      return bytes ? new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true) : [];
    });
  }

  async close(code?: number, reason?: string): Promise<{ code: number; reason: string }> {
    this.socket.close(code, reason);
    return eventually(() => {
      expect(this.closed).not.toBeNull();
      return this.closed!;
    });
  }
}
