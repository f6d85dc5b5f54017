import { beforeEach, describe, expect, test } from "vitest";
import { createStore, type Store } from "../../../src/client/index.ts";
import { encodeItems, eventItem, periodicItem } from "../../../src/producer/index.ts";
import { compress } from "../../../src/wire/lz4.ts";
import type { FakeRuntime } from "../../fakes/client-runtime.ts";
import { FollowedSession, sessionMessage } from "../../fakes/followed-session.ts";
import { type ChunkContent, historyBody, listOf } from "../../fakes/history.ts";

const T0 = 1795424400000000000n;
const S = 1_000_000_000n;
const BOUND = '{"identity":"s","state":"open","configBindings":[{"identifier":"c","channelOffset":1000}]}';
const CONFIG = JSON.stringify({
  app: {
    parameters: [
      { id: "speed:app", name: "speed", channels: [1] },
      { id: "gear:app", name: "gear", channels: [2] },
    ],
    channels: [
      { id: 1, source: "periodic", type: "u16" },
      { id: 2, source: "timestamped" },
      { id: 3, source: "periodic", type: "u8" },
    ],
  },
});

/** Ten samples of second `second`, each its own number. */
const secondOf = (second: number, channel = 1001): Uint8Array =>
  periodicItem({
    channel,
    startNs: T0 + BigInt(second) * S,
    intervalNs: S / 10n,
    samples: Uint16Array.from({ length: 10 }, (_, i) => second * 10 + i),
  });
const message = (from: number, to: number): Uint8Array =>
  compress(encodeItems(Array.from({ length: to - from }, (_, i) => secondOf(from + i))));
const chunk = (from: number, to: number): ChunkContent => ({
  channels: [1001],
  startNs: T0 + BigInt(from) * S,
  endNs: T0 + BigInt(to) * S - S / 10n,
  list: listOf(Array.from({ length: to - from }, (_, i) => secondOf(from + i))),
});
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const PATH = "sessions/s/data/periodic/3e9";

let session: FollowedSession;
let runtime: FakeRuntime;
let store: Store;

beforeEach(() => {
  session = new FollowedSession();
  ({ runtime } = session);
  store = createStore();
  session.options = { parameters: ["speed"], store };
  runtime.rest.set("sessions/s", BOUND).set("configs/c", CONFIG);
});

async function goLive(): Promise<void> {
  session.start();
  await runtime.pass(0);
  runtime.socket.open();
  runtime.socket.receive(sessionMessage(BOUND));
  await runtime.pass(0);
}
const values = () =>
  store
    .series(1001)
    .spans()
    .flatMap((span) => [...span.values]);
const holes = () =>
  store
    .series(1001)
    .holes()
    .map(({ startNs, endNs, cause }) => [Number(startNs - T0) / 1e9, Number(endNs - T0) / 1e9, cause]);
const told = () => session.runs.flatMap((run) => [...run.values]);

describe("REST history", () => {
  test("[L-05] [L-06] REST, backfill and live data with shifted joins give each sample once, and tell each once", async () => {
    runtime.rest.set(PATH, historyBody([chunk(0, 20), chunk(20, 40)]));
    await goLive();
    expect(runtime.asked.filter((path) => path.includes("/data/"))).toEqual([PATH]);
    expect(runtime.socket.requests.at(-1)?.channelIds).toEqual([1001]);
    runtime.socket.receive(message(60, 61));
    runtime.socket.receive(message(35, 60));
    runtime.socket.receive(message(59, 63));
    await runtime.pass(4_000);
    expect(values()).toEqual(numbers(0, 630));
    expect(told().toSorted((a, b) => a - b)).toEqual(numbers(0, 630));
    expect(holes()).toEqual([]);
  });

  test("[L-11] where it ends before the stream begins there is a hole, until REST has more", async () => {
    runtime.rest.set(PATH, historyBody([chunk(0, 20)]));
    await goLive();
    runtime.socket.receive(message(30, 31));
    await runtime.pass(4_000);
    expect(holes()).toEqual([[19.9, 30, "history"]]);
    expect(session.holes).toMatchObject([{ channel: 1001, cause: "history" }]);
    const again = `${PATH}?start=${T0 + (199n * S) / 10n}&end=${T0 + 30n * S}`;
    runtime.rest.set(again, historyBody([chunk(15, 31)]));
    await runtime.pass(30_000);
    expect(runtime.asked).toContain(again);
    expect(holes()).toEqual([]);
    expect(values()).toEqual(numbers(0, 310));
  });

  test("is asked for by source, in hexadecimal, for what the store keeps, and once", async () => {
    const end = T0 + 2_000n * S;
    runtime.rest.set("sessions/s", BOUND.replace("{", `{"timeRange":{"startTime":${T0},"endTime":${end}},`));
    session.options = { channels: "all", events: true, store };
    const start = `?start=${end - 600n * S}`;
    for (const path of ["timestamped/3ea", "periodic/3e9,3eb", "events"])
      runtime.rest.set(`sessions/s/data/${path}${start}`, 404);
    await goLive();
    session.following.subscribe({ parameters: ["gear"] });
    await runtime.pass(0);
    expect(runtime.asked.filter((path) => path.includes("/data/"))).toEqual([
      `sessions/s/data/timestamped/3ea${start}`,
      `sessions/s/data/periodic/3e9,3eb${start}`,
      `sessions/s/data/events${start}`,
    ]);
  });

  test("[L-11] [L-12] a chunk that cannot be read is skipped and reported; what it held may be missing", async () => {
    runtime.rest.set(
      PATH,
      historyBody([chunk(0, 10), { ...chunk(10, 20), packed: Uint8Array.of(0xf0) }, chunk(20, 30)]),
    );
    await goLive();
    runtime.socket.receive(message(25, 31));
    await runtime.pass(4_000);
    expect(session.problems).toMatchObject([{ code: "bad-history" }]);
    expect(values()).toEqual([...numbers(0, 100), ...numbers(200, 310)]);
    expect(holes()).toEqual([[10, 19.9, "bad-frame"]]);
    expect(session.states.at(-1)).toBe("live");
  });

  test.each([
    ["is cut off", historyBody([chunk(0, 20)]).slice(0, -3)],
    ["fails", 500],
    ["is nonsense", new Uint8Array(64).fill(0xff)],
  ])("that %s is reported, and asked for again with the next poll", async (_what, answer) => {
    runtime.rest.set(PATH, answer);
    await goLive();
    runtime.socket.receive(message(10, 20));
    await runtime.pass(4_000);
    expect(session.problems).toMatchObject([{ code: "bad-history" }]);
    runtime.rest.set(PATH, historyBody([chunk(0, 15)]));
    await runtime.pass(30_000);
    expect(values()).toEqual(numbers(0, 200));
    expect(holes()).toEqual([]);
  });

  test("of a server without it is no problem", async () => {
    runtime.rest.set(PATH, 404);
    await goLive();
    runtime.socket.receive(message(10, 20));
    await runtime.pass(40_000);
    expect(session.problems).toEqual([]);
    expect(holes()).toEqual([]);
  });

  test("holds one chunk in memory at a time", async () => {
    const parts = Array.from({ length: 100 }, (_, i) => historyBody([chunk(i, i + 1)]));
    let pulled = 0;
    let ahead = 0;
    const whole = historyBody(Array.from({ length: 100 }, (_, i) => chunk(i, i + 1)));
    const piece = Math.ceil(whole.length / parts.length);
    runtime.rest.set(
      PATH,
      new ReadableStream(
        {
          pull(controller) {
            if (pulled * piece >= whole.length) return controller.close();
            ahead = Math.max(ahead, pulled * 10 - store.series(1001).count);
            controller.enqueue(whole.slice(pulled * piece, ++pulled * piece));
          },
        },
        { highWaterMark: 0 },
      ),
    );
    await goLive();
    await runtime.pass(0);
    expect(store.series(1001).count).toBe(1_000);
    expect(ahead).toBeLessThan(50);
  });

  test("of a session that is over already is read before it ends", async () => {
    runtime.rest.set("sessions/s", BOUND.replace("open", "closed"));
    runtime.rest.set(PATH, historyBody([chunk(0, 20)]));
    session.start();
    await runtime.pass(0);
    expect(values()).toEqual(numbers(0, 200));
    expect(session.links.at(-1)).toEqual({ state: "closed", cause: "ended" });
    expect(runtime.sockets).toHaveLength(0);
  });

  test("has the last word when the session is over: what it has then replaces what was streamed", async () => {
    runtime.rest.set(PATH, 404);
    await goLive();
    runtime.socket.receive(message(10, 12));
    await runtime.pass(5_000);
    const corrected = periodicItem({
      channel: 1001,
      startNs: T0 + 10n * S,
      intervalNs: S / 10n,
      samples: Uint16Array.from({ length: 20 }, () => 7),
    });
    runtime.rest.set(
      `${PATH}?start=${T0 + 10n * S}`,
      historyBody([{ ...chunk(10, 12), list: listOf([corrected]) }]),
    );
    runtime.socket.receive(sessionMessage(BOUND.replace("open", "closed")));
    runtime.socket.drop(1000);
    await runtime.pass(0);
    expect(values()).toEqual(Array(20).fill(7));
    expect(session.links.at(-1)).toEqual({ state: "closed", cause: "ended" });
  });

  test("that REST does not give keeps no session from ending", async () => {
    runtime.rest.set(PATH, 404);
    await goLive();
    runtime.socket.receive(message(10, 12));
    await runtime.pass(5_000);
    runtime.rest.set(`${PATH}?start=${T0 + 10n * S}`, new Promise<string>(() => {}));
    runtime.socket.receive(sessionMessage(BOUND.replace("open", "closed")));
    runtime.socket.drop(1000);
    await runtime.pass(29_000);
    expect(session.states.at(-1)).not.toBe("closed");
    await runtime.pass(1_000);
    expect(session.links.at(-1)).toEqual({ state: "closed", cause: "ended" });
  });

  test("is not asked for without a store, but when it is wanted", async () => {
    session.options = { parameters: ["speed"] };
    await goLive();
    expect(runtime.asked.some((path) => path.includes("/data/"))).toBe(false);

    session = new FollowedSession();
    ({ runtime } = session);
    runtime.rest
      .set("sessions/s", BOUND)
      .set("configs/c", CONFIG)
      .set(PATH, historyBody([chunk(0, 2)]));
    session.options = { parameters: ["speed"], history: true };
    await goLive();
    expect(told()).toEqual(numbers(0, 20));
  });
});

describe("events", () => {
  const event = (text: string) => eventItem({ definition: 1, app: "app", timestampNs: T0, text });

  test("[D-11] [L-05] are told as often as they happened, whichever source tells them, and reconnects do not add to it", async () => {
    const list = listOf([event("a"), event("a"), event("b")]);
    runtime.rest.set("sessions/s/data/events", historyBody([{ channels: [], startNs: T0, endNs: T0, list }]));
    session.options = { events: true, store };
    await goLive();
    const texts = () => session.events.map(({ statusText }) => statusText).toSorted();
    expect(texts()).toEqual(["a", "a", "b"]);
    runtime.socket.receive(compress(encodeItems([event("a"), event("c")])));
    expect(texts()).toEqual(["a", "a", "b", "c"]);
    runtime.socket.receive(compress(encodeItems([event("a"), event("a")])));
    expect(texts()).toEqual(["a", "a", "a", "b", "c"]);
    runtime.socket.drop(1006);
    await runtime.pass(500);
    runtime.socket.open();
    runtime.socket.receive(sessionMessage(BOUND));
    runtime.socket.receive(
      compress(encodeItems([event("a"), event("a"), event("a"), event("c"), event("d")])),
    );
    expect(texts()).toEqual(["a", "a", "a", "b", "c", "d"]);
  });
});
