import { serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import type { BackfillJob } from "../../../src/session/backfill-job.ts";
import type { CounterName, Socket } from "../../../src/session/ports.ts";
import { Roster } from "../../../src/session/roster.ts";
import { encodeSubscription, NOTHING, type Subscription, widen } from "../../../src/session/subscription.ts";
import type { KeptViewer, Viewer } from "../../../src/session/viewer.ts";

const MIB = 1024 * 1024;
/** What may wait in a socket before no more goes into it. */
const MARK = 256 * 1024;
/** What the platform keeps with a socket. */
const ATTACHMENT_BYTES = 16_384;

class FakeSocket implements Socket {
  sent: Uint8Array[] = [];
  closed: { code: number; reason: string } | null = null;
  kept: KeptViewer | null = null;
  buffered: number | null = 0;
  broken = false;

  send(message: Uint8Array): void {
    if (this.broken) throw new TypeError("socket is closing");
    this.sent.push(message);
  }
  close(code: number, reason: string): void {
    this.closed ??= { code, reason };
  }
  bufferedBytes(): number | null {
    return this.buffered;
  }
  keep(value: unknown): void {
    if (serialize(value).byteLength > ATTACHMENT_BYTES) throw new Error("attachment too large");
    this.kept = structuredClone(value) as KeptViewer;
  }
}

class Bench {
  nowMs = 1_000_000;
  readonly stored = new Map<string, unknown>();
  readonly counters = new Map<CounterName, number>();
  readonly sockets = new Map<Viewer, FakeSocket>();
  #ids = 0;
  roster = this.#make();

  #make(): Roster {
    return new Roster({
      settings: { viewerQueueBytes: 8 * MIB },
      store: {
        get: (key) => this.stored.get(key),
        put: (key, value) => this.stored.set(key, structuredClone(value)),
        delete: (key) => this.stored.delete(key),
        clear: () => this.stored.clear(),
      },
      metrics: {
        add: (name, count = 1) => this.counters.set(name, (this.counters.get(name) ?? 0) + count),
        observeDelivery: () => {},
      },
      now: () => this.nowMs,
      newId: () => `viewer-${++this.#ids}-${"x".repeat(28)}`,
    });
  }

  join(): Viewer {
    const socket = new FakeSocket();
    const viewer = this.roster.join(socket)!;
    this.sockets.set(viewer, socket);
    return viewer;
  }

  live(): Viewer {
    const viewer = this.join();
    this.roster.welcome(viewer, []);
    return viewer;
  }

  socket(viewer: Viewer): FakeSocket {
    return this.sockets.get(viewer)!;
  }

  /** Sends a viewer what then waits. */
  lag(viewer: Viewer, bytes: number): void {
    this.roster.send(viewer, new Uint8Array(bytes), "bulk");
    this.socket(viewer).buffered = bytes;
  }

  hibernate(viewer: Viewer): Viewer {
    this.roster = this.#make();
    return this.roster.restore(this.socket(viewer), this.socket(viewer).kept!);
  }
}

const channels = (count: number, distance: number): Subscription =>
  widen(NOTHING, {
    allEvents: false,
    allDataChannels: false,
    channelIds: Array.from({ length: count }, (_, i) => i * distance),
  });

/** By their bytes: what a channel set holds is not seen by a comparison of objects. */
function expectWants(viewer: Viewer, expected: Subscription): void {
  const actual = encodeSubscription(viewer.group.subscription);
  expect(Buffer.compare(actual, encodeSubscription(expected))).toBe(0);
}

describe("subscriptions through hibernation", () => {
  test("a small one stays with its socket and costs no storage", () => {
    const bench = new Bench();
    const viewer = bench.live();
    bench.roster.subscribe(viewer, channels(60_000, 1));
    expect(bench.stored.size).toBe(0);
    const restored = bench.hibernate(viewer);
    expect(restored).toMatchObject({ id: viewer.id, state: "live", joinedAtMs: 1_000_000 });
    expectWants(restored, channels(60_000, 1));
  });

  test("[S-08] a large one is in storage, and leaves it with its viewer", () => {
    const bench = new Bench();
    const viewer = bench.live();
    bench.roster.subscribe(viewer, channels(60_000, 100));
    expect(bench.stored.size).toBe(1);
    const restored = bench.hibernate(viewer);
    expectWants(restored, channels(60_000, 100));
    bench.roster.remove(restored);
    expect(bench.stored.size).toBe(0);
  });

  test("one that grows large goes to storage, once for each change", () => {
    const bench = new Bench();
    const viewer = bench.live();
    bench.roster.subscribe(viewer, channels(10, 100));
    expect(bench.stored.size).toBe(0);
    bench.roster.subscribe(viewer, channels(50_000, 100));
    bench.roster.subscribe(viewer, channels(60_000, 100));
    expectWants(bench.hibernate(viewer), channels(60_000, 100));
  });

  test("one that storage lost is the one to nothing", () => {
    const bench = new Bench();
    const viewer = bench.live();
    bench.roster.subscribe(viewer, channels(60_000, 100));
    bench.stored.clear();
    expectWants(bench.hibernate(viewer), NOTHING);
  });

  test("the most that is kept with a socket is what the platform takes", () => {
    const bench = new Bench();
    const viewer = bench.live();
    const largest = "18446744073709551615-18446744073709551615";
    for (let i = 0; i < 64; i++) {
      const progress = { id: crypto.randomUUID(), after: largest };
      viewer.jobs.add({ progress } as BackfillJob);
    }
    const landmark = `${largest}/${16 * MIB}`;
    const audit = { landmark, ordinal: 2 ** 50, recent: Array<string>(32).fill(landmark) };
    bench.roster.carry({ sourceNumber: 2 ** 31, cursor: largest, audit });
    let count = 2_000;
    for (; bench.stored.size === 0; count++) bench.roster.subscribe(viewer, channels(count, 200));
    expect(count).toBeGreaterThan(2_001);
    expect(bench.socket(viewer).kept).toMatchObject({ position: { cursor: largest } });
  });
});

describe("sending", () => {
  test("goes to those of the group that have had a first message", () => {
    const bench = new Bench();
    const [joining, live, other] = [bench.join(), bench.live(), bench.live()];
    bench.roster.subscribe(other, channels(1, 1));
    const message = Uint8Array.of(1);
    bench.roster.sendToGroup(live.group, message, "mixed");
    expect([joining, live, other].map((each) => bench.socket(each).sent)).toEqual([[], [message], []]);
    bench.roster.broadcast(message);
    expect([joining, live, other].map((each) => bench.socket(each).sent.length)).toEqual([0, 2, 1]);
    expect(bench.counters.get("frames_sent_total")).toBe(3);
    expect(bench.counters.get("bytes_sent_total")).toBe(3);
  });

  test("the same array to every viewer of a group", () => {
    const bench = new Bench();
    const viewers = [bench.live(), bench.live()];
    for (const viewer of viewers) bench.roster.subscribe(viewer, channels(3, 1));
    expect(viewers[0]!.group).toBe(viewers[1]!.group);
    const message = Uint8Array.of(1);
    bench.roster.sendToGroup(viewers[0]!.group, message, "mixed");
    for (const viewer of viewers) expect(bench.socket(viewer).sent[0]).toBe(message);
  });

  test("a socket that fails costs its viewer alone, also amid a broadcast", () => {
    const bench = new Bench();
    const [first, second, third] = [bench.live(), bench.live(), bench.live()];
    bench.socket(second).broken = true;
    bench.roster.broadcast(Uint8Array.of(1));
    expect([first, second, third].map((each) => bench.socket(each).sent.length)).toEqual([1, 0, 1]);
    expect(bench.socket(second).closed?.code).toBe(1011);
    expect(bench.roster.viewers).toEqual([first, third]);
  });

  test("groups live as long as their viewers", () => {
    const bench = new Bench();
    const viewer = bench.live();
    bench.roster.subscribe(viewer, channels(1, 1));
    expect([...bench.roster.groups]).toEqual([viewer.group]);
    bench.roster.remove(viewer);
    bench.roster.remove(viewer);
    expect([...bench.roster.groups]).toEqual([]);
    expect(bench.roster.size).toBe(0);
  });
});

describe("slow viewers", () => {
  test("over the limit are closed with 1013 and counted, the others stay", () => {
    const bench = new Bench();
    const [good, slow] = [bench.live(), bench.live()];
    bench.lag(good, 8 * MIB);
    bench.lag(slow, 8 * MIB + 1);
    bench.roster.begin();
    expect(bench.socket(slow).closed?.code).toBe(1013);
    expect(bench.roster.viewers).toEqual([good]);
    expect(bench.counters.get("slow_viewers_closed_total")).toBe(1);
  });

  test("together over what the object can hold: the slowest go, until the rest fits", () => {
    const bench = new Bench();
    const viewers = [7, 6, 5, 7.5, 6, 4].map((mib) => {
      const viewer = bench.live();
      bench.lag(viewer, mib * MIB);
      return viewer;
    });
    bench.roster.begin();
    expect(bench.roster.viewers).toEqual(viewers.filter((_, i) => i !== 3));
  });

  test("are looked for only when what was sent since the last look could make one", () => {
    const bench = new Bench();
    const viewer = bench.live();
    let looks = 0;
    const socket = bench.socket(viewer);
    socket.bufferedBytes = () => {
      looks++;
      return socket.buffered;
    };
    const looksAfter = (bytes: number, waiting: number): number => {
      bench.roster.send(viewer, new Uint8Array(bytes), "bulk");
      socket.buffered = waiting;
      bench.roster.begin();
      return looks;
    };
    for (let i = 0; i < 5; i++) expect(looksAfter(MARK / 5 + 1, 0)).toBe(0);
    expect(looksAfter(1, 0)).toBe(1);
    for (let i = 0; i < 5; i++) expect(looksAfter(MARK / 5, 0)).toBe(1);
    expect(looksAfter(8 * MIB, 0)).toBe(2);
  });

  test("whose socket does not tell are judged by what was sent and when", () => {
    const bench = new Bench();
    const viewer = bench.live();
    bench.socket(viewer).buffered = null;
    for (let i = 0; i < 20; i++) bench.roster.send(viewer, new Uint8Array(MIB), "bulk");
    expect(bench.roster.unsentBytes(viewer)).toBe(20 * MIB);
    for (let i = 0; i < 200; i++) {
      bench.nowMs += 25;
      bench.roster.drain();
    }
    expect(bench.roster.unsentBytes(viewer)).toBeLessThan(2 * MIB);
    bench.roster.begin();
    expect(bench.roster.size).toBe(1);
    bench.nowMs += 10_000;
    expect(bench.roster.unsentBytes(viewer)).toBe(0);
  });
});

test("a flood of joins is turned away with 1013, a crowd is let in", () => {
  const bench = new Bench();
  const flood = Array.from({ length: 6_000 }, () => new FakeSocket());
  const joined = flood.filter((socket) => bench.roster.join(socket) !== null);
  expect(joined).toHaveLength(5_000);
  expect(new Set(flood.slice(5_000).map(({ closed }) => closed?.code))).toEqual(new Set([1013]));
  bench.nowMs += 1_000;
  expect(bench.roster.join(new FakeSocket())).not.toBeNull();
});
