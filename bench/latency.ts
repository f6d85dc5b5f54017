import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { encodeItems, openSession, periodicItem, timeRangeItem } from "../src/producer/index.ts";
import { ItemKind, ItemTable } from "../src/wire/burst.ts";
import { unpackInto } from "../src/wire/payload.ts";
import { encodeRequest } from "../src/wire/request.ts";
import { RunReader } from "../src/wire/samples.ts";
import type { Stage } from "./stage.ts";

const PROBE_CHANNEL = 1;

/** Connects a viewer and subscribes; `onMessage` gets every message. */
export async function connect(
  stage: Stage,
  identity: string,
  channelIds: number[],
  onMessage: (message: Buffer) => void,
): Promise<WebSocket> {
  const address = `${stage.url.replace("http", "ws")}/rta/v2/sessions/${identity}/stream`;
  const socket = new WebSocket(address, ["mat.ocs.rta.stream-lz4"], { perMessageDeflate: false });
  socket.on("message", onMessage);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  socket.send(encodeRequest({ channelIds }));
  return socket;
}

/** A session whose bursts, ten a second on an open-loop schedule, carry the time at which they were written. */
export async function probeSession(stage: Stage, identity: string, streamName: string): Promise<Probe> {
  const session = await openSession({ redis: stage.redis, identity, streamName });
  await session.writeSessionJson(JSON.stringify({ identity, state: "open" }));
  return new Probe(stage, identity, (nowMs) => {
    const startNs = BigInt(nowMs) * 1_000_000n;
    const samples = Float64Array.of(performance.timeOrigin + performance.now());
    const run = periodicItem({ channel: PROBE_CHANNEL, startNs, intervalNs: 1n, samples });
    return session.write(encodeItems([run, timeRangeItem(startNs, startNs)]));
  });
}

export class Probe {
  readonly identity: string;
  readonly #stage: Stage;
  readonly #write: (nowMs: number) => Promise<void>;

  constructor(stage: Stage, identity: string, write: (nowMs: number) => Promise<void>) {
    this.#stage = stage;
    this.identity = identity;
    this.#write = write;
  }

  /** Delays from the write to the arrival at a viewer, ms, over `seconds` after a warm-up of 5 s. */
  async delays(seconds: number): Promise<number[]> {
    const delays: number[] = [];
    // History of an earlier round is no delay.
    let countFrom = Number.POSITIVE_INFINITY;
    const viewer = await connect(this.#stage, this.identity, [PROBE_CHANNEL], (message) => {
      const arrived = performance.timeOrigin + performance.now();
      for (const written of probeValues(message)) if (written >= countFrom) delays.push(arrived - written);
    });
    const start = Date.now();
    const ends = start + (5 + seconds) * 1000;
    countFrom = start + 5_000;
    for (let dueMs = start; dueMs < ends; dueMs += 100) {
      await sleep(Math.max(0, dueMs - Date.now()));
      await this.#write(dueMs);
    }
    viewer.close();
    return delays;
  }
}

const arena = new Uint8Array(4 * 1024 * 1024);
const items = new ItemTable();
const reader = new RunReader();
const value = new Float64Array(1);

function probeValues(message: Buffer): number[] {
  items.reset();
  unpackInto(message, arena, 0, arena.length, items);
  const values: number[] = [];
  for (let item = 0; item < items.count; item++) {
    if (items.kind[item] !== ItemKind.periodic || items.channel[item] !== PROBE_CHANNEL) continue;
    reader.read(arena, items, item);
    reader.values("f64", "le", value);
    values.push(value[0]!);
  }
  return values;
}
