import { describe, expect, test, vi } from "vitest";
import { seededRandom } from "../../../src/cli/car-random.ts";
import {
  type BatchNotice,
  type BatchOptions,
  BatchWriter,
  type ChannelDefinition,
  ProducerError,
} from "../../../src/producer/index.ts";
import { rta } from "../../../src/wire/gen/rta.js";

const T0_NS = 1_795_424_400_000_000_000n;
const MS = 1_000_000n;
const EVENT = { definition: 1, app: "a", timestampNs: 1n };
const CHANNELS: ChannelDefinition[] = [
  { id: 1, type: "f64", source: "timestamped" },
  { id: 2, type: "u16", source: "periodic", intervalNs: 10n * MS },
  { id: 3, type: "s16", source: "timestamped", byteOrder: "be" },
  { id: 4, type: "u8", source: "row" },
  { id: 5, type: "f32", source: "row" },
];

describe("what is written", () => {
  test("gathers samples of a channel into one run, in the units that their times share", async () => {
    const { batch, written } = newBatch();
    batch.append(1, [T0_NS, T0_NS + 20n * MS], [1.5, -2]);
    batch.append(1, BigInt64Array.of(T0_NS + 50n * MS), Float32Array.of(0.25));
    await batch.flush();
    const [run, range] = written();
    expect(run!.timestampedData).toMatchObject({ channelId: 1 });
    expect(String(run!.timestampedData!.startTimestamp)).toBe(String(T0_NS));
    expect(String(run!.timestampedData!.timestampDeltasScale)).toBe("10000000");
    expect(run!.timestampedData!.timestampDeltas!.map(Number)).toEqual([0, 2, 3]);
    expect(run!.timestampedData!.buffer).toEqual(new Uint8Array(Float64Array.of(1.5, -2, 0.25).buffer));
    expect(rangeOf(range!)).toEqual([T0_NS, T0_NS + 50n * MS]);
  });

  test("periodic samples go on in one run, and start another at a gap", async () => {
    const { batch, written } = newBatch();
    batch.appendPeriodic(2, T0_NS, [1, 2, 3]);
    batch.appendPeriodic(2, T0_NS + 30n * MS, Uint8Array.of(4));
    batch.append(2, [T0_NS + 40n * MS, T0_NS + 60n * MS, T0_NS + 70n * MS], [5, 6, 7]);
    await batch.flush();
    const [first, second, range] = written();
    expect(first!.periodicData).toMatchObject({ channelId: 2, samples: 5 });
    expect(Number(first!.periodicData!.interval)).toBe(10_000_000);
    expect(first!.periodicData!.buffer).toEqual(new Uint8Array(Uint16Array.of(1, 2, 3, 4, 5).buffer));
    expect(String(second!.periodicData!.startTimestamp)).toBe(String(T0_NS + 60n * MS));
    expect(second!.periodicData!.buffer).toEqual(new Uint8Array(Uint16Array.of(6, 7).buffer));
    expect(rangeOf(range!)).toEqual([T0_NS, T0_NS + 70n * MS]);
  });

  test("a flush of nothing is nothing, and the next is not lost", async () => {
    const { batch, bursts } = newBatch();
    await batch.flush();
    expect(bursts()).toEqual([]);
    batch.append(1, [T0_NS], [1]);
    await batch.flush();
    expect(bursts()).toHaveLength(1);
  });

  test("rows and events have their place, and widen the time range", async () => {
    const { batch, written } = newBatch();
    batch.appendRow([4, 5], T0_NS, [7, 0.5]);
    batch.appendEvent({ definition: 9, app: "a", timestampNs: T0_NS - 1n, text: "Valve open" });
    await batch.flush();
    const [row, event, range] = written();
    expect(row!.rowData!.channelIds).toEqual([4, 5]);
    expect([...row!.rowData!.buffer!]).toEqual([7, ...new Uint8Array(Float32Array.of(0.5).buffer)]);
    expect(event!.event).toMatchObject({ eventDefinitionId: 9, appName: "a", statusText: "Valve open" });
    expect(rangeOf(range!)).toEqual([T0_NS - 1n, T0_NS]);
  });

  test("values take the width and the byte order of the channel", async () => {
    const { batch, written } = newBatch();
    batch.append(3, [T0_NS, T0_NS + 1n], [-1.6, 258]);
    await batch.flush();
    const [run] = written();
    expect([...run!.timestampedData!.buffer!]).toEqual([0xff, 0xfe, 0x01, 0x02]);
  });

  test("bursts stay at the target size, each with the range of what is in it, and nothing is lost", async () => {
    const { batch, bursts } = newBatch();
    const random = seededRandom(7);
    const times = Array.from(
      { length: 30_000 },
      (_, i) => T0_NS + BigInt(i) * MS + BigInt(Math.floor(1e5 * random())),
    );
    const values = Float64Array.from(times, () => random());
    batch.append(1, times, values);
    await batch.flush();
    const seenTimes: bigint[] = [];
    const seenValues: number[] = [];
    for (const burst of bursts()) expect(burst.length).toBeLessThanOrEqual(64 * 1024);
    for (const burst of bursts().map(decode)) {
      const runs = burst.slice(0, -1).flatMap(({ timestampedData }) => timestampedData!);
      const own = runs.flatMap((run) => timesOf(run));
      expect(rangeOf(burst.at(-1)!)).toEqual([own[0], own.at(-1)]);
      seenTimes.push(...own);
      for (const { buffer } of runs) seenValues.push(...new Float64Array(buffer!.slice().buffer));
    }
    expect(bursts().length).toBeGreaterThan(4);
    expect(seenTimes).toEqual(times);
    expect(Float64Array.from(seenValues)).toEqual(values);
  });

  test("[P-07] data of 10 s at 1 kHz makes about a hundred bursts, without anybody flushing", async () => {
    vi.useFakeTimers();
    try {
      const { batch, bursts } = newBatch();
      for (let ms = 0; ms < 10_000; ms += 1) {
        batch.append(1, [T0_NS + BigInt(ms) * MS], [ms]);
        await vi.advanceTimersByTimeAsync(1);
      }
      expect(bursts().length).toBeGreaterThan(80);
      expect(bursts().length).toBeLessThan(120);
      expect(bursts().every((burst) => decode(burst).at(-1)!.data === "timeRange")).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a Redis that is away", () => {
  test("[P-13] the bound is told by the return value, waited for by room(), and holds against those who do not", async () => {
    const { batch, session } = newBatch({ maxBufferedBytes: 1024 * 1024 });
    const release = session.hold();
    const block = new Float64Array(10_000);
    const times = new BigInt64Array(10_000);
    let appends = 1;
    while (batch.append(1, times, block)) appends += 1;
    expect(appends).toBe(Math.ceil((1024 * 1024) / 160_000));
    expect(() => batch.append(1, times, block)).toThrow(expect.objectContaining({ code: "buffer-full" }));
    let waited = false;
    const room = batch.room().then(() => {
      waited = true;
    });
    void batch.flush();
    await turn();
    expect(waited).toBe(false);
    release();
    await room;
    expect(batch.append(1, times, block)).toBe(true);
    await batch.flush();
    expect(session.samples).toBe((appends + 1) * 10_000);
  });

  test("[P-13] a live source gives up the oldest, and is told how much", async () => {
    const notices: BatchNotice[] = [];
    const { batch, session } = newBatch({
      maxBufferedBytes: 1024 * 1024,
      whenFull: "drop-oldest",
      onNotice: (notice) => notices.push(notice),
    });
    const release = session.hold();
    let appended = 0;
    for (let second = 0n; second < 30n; second += 1n) {
      const times = BigInt64Array.from(
        { length: 10_000 },
        (_, i) => T0_NS + second * 1000n * MS + BigInt(i) * 100_000n,
      );
      batch.append(1, times, new Float64Array(10_000));
      appended += 10_000;
      expect(batch.bufferedBytes).toBeLessThan(1024 * 1024 + 2 * 160_000);
    }
    release();
    await batch.flush();
    await turn();
    const lost = notices.filter(({ kind }) => kind === "lost");
    const lostSamples = lost.reduce((sum, notice) => sum + (notice.kind === "lost" ? notice.samples : 0), 0);
    expect(lostSamples).toBeGreaterThan(0);
    expect(session.samples + lostSamples).toBe(appended);
    expect(lost.every((notice) => notice.kind === "lost" && notice.endNs >= notice.startNs)).toBe(true);
    const last = decode(session.bursts.at(-1)!).at(-1)!;
    expect(rangeOf(last)[1]).toBe(T0_NS + 29_999n * MS + 900_000n);
  });

  test("[P-13] a refusal is tried again, said when it begins and when it ends", async () => {
    vi.useFakeTimers();
    try {
      const notices: string[] = [];
      const { batch, session } = newBatch({ onNotice: ({ kind }) => notices.push(kind) });
      session.fail(new ProducerError("redis", "NOPERM"), 3);
      batch.append(1, [T0_NS], [1]);
      const flushed = batch.flush();
      await vi.advanceTimersByTimeAsync(10_000);
      await flushed;
      expect(session.samples).toBe(1);
      expect(notices).toEqual(["away", "back"]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a session that somebody else has taken over ends the batch, and what waited counts as lost", async () => {
    const notices: BatchNotice[] = [];
    const { batch, session } = newBatch({ onNotice: (notice) => notices.push(notice) });
    session.fail(new ProducerError("superseded", "taken"), 1);
    batch.append(1, [T0_NS], [1]);
    await expect(batch.flush()).rejects.toMatchObject({ code: "superseded" });
    expect(() => batch.append(1, [T0_NS], [1])).toThrow(expect.objectContaining({ code: "superseded" }));
    await expect(batch.room()).rejects.toMatchObject({ code: "superseded" });
    expect(notices).toMatchObject([{ kind: "lost", samples: 1 }, { kind: "ended" }]);
  });
});

describe("ending", () => {
  test("close writes what was gathered first, then nothing is taken", async () => {
    const { batch, session } = newBatch();
    batch.append(1, [T0_NS], [1]);
    await batch.close("truncated");
    expect(session.endings).toEqual([{ ending: "truncated", samples: 1 }]);
    expect(() => batch.append(1, [T0_NS], [1])).toThrow(expect.objectContaining({ code: "session-closed" }));
  });

  test("[P-09] leaving the scope by an exception ends the session as failed, with its data", async () => {
    const { batch, session } = newBatch();
    const drive = async () => {
      await using scope = batch;
      scope.append(1, [T0_NS], [1]);
      throw new Error("the sensor broke");
    };
    await expect(drive()).rejects.toThrow("the sensor broke");
    expect(session.endings).toEqual([{ ending: "failed", samples: 1 }]);
  });

  test("leaving the scope after close does nothing more", async () => {
    const { batch, session } = newBatch();
    {
      await using scope = batch;
      await scope.close();
    }
    expect(session.endings).toEqual([{ ending: "closed", samples: 0 }]);
  });

  test("a new Session JSON goes ahead of the data that waits; of two that wait the newer goes", async () => {
    const { batch, session } = newBatch();
    const release = session.hold();
    batch.append(1, [T0_NS], [1]);
    void batch.flush();
    await turn();
    batch.append(1, [T0_NS + 1n], [2]);
    batch.appendSessionJson("1");
    batch.appendSessionJson("2");
    release();
    await batch.flush();
    expect(session.bursts.flatMap(decode).map(({ data, sessionJson }) => sessionJson ?? data)).toEqual([
      ...["timestampedData", "timeRange"],
      ...["2", "timestampedData", "timeRange"],
    ]);
  });
});

describe("wrong arguments are named, and nothing is taken of them", () => {
  const { batch, session } = newBatch();
  test.each([
    ["unknown-channel", "99", () => batch.append(99, [T0_NS], [1])],
    ["invalid-argument", "timesNs", () => batch.append(1, [T0_NS], [1, 2])],
    ["invalid-argument", "timesNs", () => batch.append(1, [5 as never], [1])],
    ["invalid-argument", "timesNs", () => batch.append(1, 5 as never, [1])],
    ["invalid-argument", "values", () => batch.append(1, [T0_NS], ["1" as never])],
    ["invalid-argument", "values", () => batch.append(1, [T0_NS], BigInt64Array.of(1n) as never)],
    ["invalid-argument", "channel 4", () => batch.append(4, [T0_NS], [1])],
    ["invalid-argument", "channel 1", () => batch.appendPeriodic(1, T0_NS, [1])],
    ["invalid-argument", "startNs", () => batch.appendPeriodic(2, 1 as never, [1])],
    ["value-out-of-range", "Channel 2", () => batch.appendPeriodic(2, T0_NS, [1, 70_000])],
    ["value-out-of-range", "Channel 2", () => batch.appendPeriodic(2, T0_NS, [-1])],
    ["value-out-of-range", "Channel 2", () => batch.appendPeriodic(2, T0_NS, [Number.NaN])],
    ["value-out-of-range", "Channel 4", () => batch.appendRow([4, 5], T0_NS, [256, 0])],
    ["invalid-argument", "channels", () => batch.appendRow([4, 5], T0_NS, [1])],
    ["invalid-argument", "channels", () => batch.appendRow(4 as never, T0_NS, [1])],
    [
      "invalid-argument",
      "definition",
      () => batch.appendEvent({ definition: 0.5, app: "a", timestampNs: 1n }),
    ],
    ["item-too-large", "item", () => batch.appendEvent({ ...EVENT, text: "x".repeat(1024 * 1024) })],
    ["item-too-large", "item", () => batch.appendSessionJson("x".repeat(1024 * 1024))],
  ])("%s, %s", async (code, name, call) => {
    expect(call).toThrow(expect.objectContaining({ code, message: expect.stringContaining(name) }));
    await batch.flush();
    expect(session.bursts).toEqual([]);
  });

  test.each<[string, Partial<BatchOptions>]>([
    ["flushMs", { flushMs: 0 }],
    ["channels", { channels: undefined as never }],
    ["maxBufferedBytes", { maxBufferedBytes: 10 }],
    ["whenFull", { whenFull: "explode" as never }],
    ["type of channel 8", { channels: [{ id: 8, type: "u7" as never, source: "row" }] }],
    ["source of channel 8", { channels: [{ id: 8, type: "u8", source: "can" as never }] }],
    ["intervalNs of channel 8", { channels: [{ id: 8, type: "u8", source: "periodic" }] }],
  ])("%s", (name, options) => {
    const message = expect.stringContaining(name);
    expect(() => newBatch(options)).toThrow(expect.objectContaining({ code: "invalid-argument", message }));
  });

  test("a session without Session JSON", () => {
    const nameless = new BatchWriter(Object.assign(new FakeSession(), { json: undefined }) as never, {
      channels: CHANNELS,
    });
    expect(() => nameless.append(1, [T0_NS], [1])).toThrow(
      expect.objectContaining({ code: "no-session-json" }),
    );
  });
});

type Item = rta.model.net.stream.StreamData;

/** Takes bursts, or holds or refuses them. */
class FakeSession {
  readonly json: string | undefined = "{}";
  readonly retryForMs = 1000;
  readonly bursts: Uint8Array[] = [];
  readonly endings: { ending: string; samples: number }[] = [];
  #gate: Promise<void> = Promise.resolve();
  readonly #faults: ProducerError[] = [];

  get samples(): number {
    return this.bursts.flatMap(decode).reduce((sum, { timestampedData }) => {
      return sum + (timestampedData?.timestampDeltas?.length ?? 0);
    }, 0);
  }

  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  fail(error: ProducerError, times: number): void {
    for (let count = 0; count < times; count += 1) this.#faults.push(error);
  }

  async write(data: Uint8Array | readonly Uint8Array[]): Promise<void> {
    await this.#gate;
    const fault = this.#faults.shift();
    if (fault) throw fault;
    this.bursts.push(...(data instanceof Uint8Array ? [data] : data));
  }

  async close(ending: string): Promise<void> {
    this.endings.push({ ending, samples: this.samples });
  }
}

function newBatch(options: Partial<BatchOptions> = {}) {
  const session = new FakeSession();
  const batch = new BatchWriter(session as never, { channels: CHANNELS, ...options });
  return {
    batch,
    session,
    bursts: () => session.bursts,
    written: () => session.bursts.flatMap(decode),
  };
}

function decode(burst: Uint8Array): Item[] {
  return rta.model.net.stream.StreamDataBurst.decode(burst).data as Item[];
}

function rangeOf({ timeRange }: Item): bigint[] {
  return [BigInt(String(timeRange!.startTime)), BigInt(String(timeRange!.endTime))];
}

function timesOf(run: rta.model.data.TimestampedData.$Properties): bigint[] {
  let timeNs = BigInt(String(run.startTimestamp));
  return run.timestampDeltas!.map((delta) => {
    timeNs += BigInt(String(delta)) * BigInt(String(run.timestampDeltasScale));
    return timeNs;
  });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
