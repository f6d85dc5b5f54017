import { inject } from "vitest";
import { encodeItems } from "../../src/producer/items.ts";
import { compress } from "../../src/wire/lz4.ts";

const headers = { Authorization: `Bearer ${inject("gatewayToken")}` };

async function send(path: string, body: BodyInit): Promise<unknown> {
  const response = await fetch(`${inject("gatewayUrl")}${path}`, { method: "POST", headers, body });
  const { result, error } = await response.json<{ result?: unknown; error?: string }>();
  if (error !== undefined) throw new Error(error);
  return result;
}

/** One command, past the service. */
export function redis(...command: string[]): Promise<unknown> {
  return send("", JSON.stringify(command));
}

/** What a producer writes for a session; each session of these tests has a stream of its own. */
export class TestSession {
  readonly identity: string;

  constructor(identity: string) {
    this.identity = identity;
  }

  get key(): string {
    return `sessions:${this.identity}`;
  }

  /** Makes it ready to stream. */
  async open(json = `{"identity":"x","state":"open"}`, fields: Record<string, string> = {}): Promise<void> {
    const { identity, key } = this;
    const all = { streamSessionId: "7", streamName: identity, streamPosition: "0-0", json, ...fields };
    await redis("HSET", key, ...Object.entries(all).flat());
  }

  /** Writes items as one entry; returns its id. */
  write(...items: Uint8Array[]): Promise<unknown> {
    const segments = ["XADD", `stream:${this.identity}`, "*", "id", "7", "data"];
    return send(`/${segments.map(encodeURIComponent).join("/")}`, compress(encodeItems(items)));
  }
}
