import { beforeEach, describe, expect, test } from "vitest";
import { createStore, type Store } from "../../../src/client/index.ts";
import { encodeItems, periodicItem } from "../../../src/producer/index.ts";
import { compress } from "../../../src/wire/lz4.ts";
import type { FakeRuntime } from "../../fakes/client-runtime.ts";
import { FollowedSession, sessionMessage, vector } from "../../fakes/followed-session.ts";

const T0 = 1795424400000000000n;
const S = 1_000_000_000n;
const BOUND = '{"identity":"s","state":"open","configBindings":[{"identifier":"c","channelOffset":0}]}';
const CONFIG = JSON.stringify({
  chassis: {
    parameters: [
      { id: "speed:chassis", name: "speed", channels: [1] },
      { id: "temp:chassis", name: "temp", channels: [2] },
    ],
    channels: [
      { id: 1, source: "periodic", type: "u16" },
      { id: 2, source: "row", type: "s16" },
    ],
  },
  engine: { parameters: [{ id: "temp:engine", name: "temp", channels: [3] }], channels: [{ id: 3 }] },
});

/** Seconds `[from, to)` of channel 1: ten samples each, each its own number. */
const message = (from: number, to: number): Uint8Array =>
  compress(
    encodeItems(
      Array.from({ length: to - from }, (_, i) =>
        periodicItem({
          channel: 1,
          startNs: T0 + BigInt(from + i) * S,
          intervalNs: S / 10n,
          samples: Uint16Array.from({ length: 10 }, (_sample, n) => (from + i) * 10 + n),
        }),
      ),
    ),
  );
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

let session: FollowedSession;
let runtime: FakeRuntime;
let store: Store;

beforeEach(() => {
  session = new FollowedSession();
  ({ runtime } = session);
  store = createStore();
  session.options = { channels: [1], store, history: false };
  runtime.rest.set("sessions/s", BOUND).set("configs/c", CONFIG);
});

const join = async (): Promise<void> => {
  runtime.socket.open();
  runtime.socket.receive(sessionMessage(BOUND));
  await runtime.pass(0);
};
const goLive = async (): Promise<void> => {
  session.start();
  await runtime.pass(0);
  await join();
};
const reconnect = async (): Promise<void> => {
  runtime.socket.drop(1006);
  await runtime.pass(1_000);
  await join();
};
const told = () => session.runs.flatMap((run) => [...run.values]).toSorted((a, b) => a - b);
const holes = () =>
  store
    .series(1)
    .holes()
    .map(({ startNs, endNs, cause }) => [Number(startNs - T0) / 1e9, Number(endNs - T0) / 1e9, cause]);

describe("reconnects", () => {
  test("[L-05] backfill that reaches back to what was there: no hole, and nothing is told twice", async () => {
    await goLive();
    runtime.socket.receive(message(0, 10));
    await reconnect();
    expect(runtime.socket.requests.at(-1)?.channelIds).toEqual([1]);
    runtime.socket.receive(message(20, 21));
    expect(holes()).toEqual([[9.9, 20, "pending"]]);
    for (let second = 5; second < 20; second++) runtime.socket.receive(message(second, second + 1));
    runtime.socket.receive(message(21, 22));
    await runtime.pass(5_000);
    expect(holes()).toEqual([]);
    expect(session.holes).toEqual([]);
    expect(told()).toEqual(numbers(0, 220));
  });

  test("[L-11] backfill that does not: the hole is reported once, and cuts the view", async () => {
    await goLive();
    runtime.socket.receive(message(0, 10));
    await reconnect();
    runtime.socket.receive(message(20, 21));
    runtime.socket.receive(message(15, 20));
    await runtime.pass(10_000);
    expect(session.holes).toEqual([
      { channel: 1, startNs: T0 + (99n * S) / 10n, endNs: T0 + 15n * S, cause: "reconnect" },
    ]);
    expect(
      store
        .series(1)
        .spans()
        .filter(({ afterHole }) => afterHole)
        .map(({ values }) => values[0]),
    ).toEqual([150]);
  });

  test("without a store samples are told as they come, and holes all the same", async () => {
    session.options = { channels: [1] };
    await goLive();
    runtime.socket.receive(message(0, 10));
    await reconnect();
    runtime.socket.receive(message(9, 11));
    await runtime.pass(5_000);
    expect(told()).toHaveLength(120);
    expect(session.holes).toEqual([]);
    await reconnect();
    runtime.socket.receive(message(30, 31));
    await runtime.pass(5_000);
    expect(session.holes).toMatchObject([{ channel: 1, cause: "reconnect" }]);
  });
});

test("[L-11] [L-12] a message that cannot be read leaves a hole, is reported, and ends nothing", async () => {
  await goLive();
  runtime.socket.receive(message(0, 1));
  runtime.socket.receive(message(1, 2).slice(0, -1));
  runtime.socket.receive(message(2, 3));
  await runtime.pass(5_000);
  expect(session.problems).toMatchObject([{ code: "bad-frame" }]);
  expect(session.holes).toMatchObject([
    { startNs: T0 + (9n * S) / 10n, endNs: T0 + 2n * S, cause: "bad-frame" },
  ]);
  expect(told()).toEqual([...numbers(0, 10), ...numbers(20, 30)]);
});

test("[L-11] holes of a session that ends at once are told before its end", async () => {
  await goLive();
  runtime.socket.receive(message(0, 1));
  runtime.socket.receive(Uint8Array.of(0xff));
  runtime.socket.receive(message(2, 3));
  runtime.socket.receive(sessionMessage(BOUND.replace("open", "closed")));
  runtime.socket.drop(1000);
  await runtime.pass(0);
  expect(session.holes).toMatchObject([{ cause: "bad-frame" }]);
  expect(session.links.at(-1)).toEqual({ state: "closed", cause: "ended" });
});

describe("parameters by name", () => {
  test("[L-06] are subscribed when the configuration comes, by id or in each application", async () => {
    session.options = { parameters: ["speed", "temp"], channels: [7] };
    await goLive();
    expect(runtime.socket.requests.flatMap((request) => request!.channelIds)).toEqual([7, 1, 2, 3]);
    expect(session.problems).toEqual([]);
    session.following.subscribe({ parameters: ["temp:engine", "speed:chassis"] });
    expect(runtime.socket.requests).toHaveLength(1);
  });

  test("that do not exist are reported once, and subscribed when they do", async () => {
    session.options = { parameters: ["speed", "later"] };
    await goLive();
    await runtime.pass(40_000);
    expect(session.problems).toMatchObject([{ code: "unknown-parameter", message: /"later"/ }]);
    runtime.rest.set("configs/d", '{"app":{"parameters":[{"id":"later","channels":[9]}]}}');
    const more = '[{"identifier":"c","channelOffset":0},{"identifier":"d","channelOffset":100}]';
    runtime.socket.receive(sessionMessage(`{"state":"open","configBindings":${more}}`));
    await runtime.pass(0);
    expect(runtime.socket.requests.at(-1)?.channelIds).toEqual([109]);
  });
});

describe("samples that come before the configuration", () => {
  test("wait for it, and are read by it", async () => {
    const slow = Promise.withResolvers<string>();
    runtime.rest.set("configs/c", slow.promise);
    await goLive();
    runtime.socket.receive(message(0, 1));
    runtime.socket.receive(vector("E2"));
    expect(session.runs).toEqual([]);
    expect(session.ranges).toHaveLength(1);
    slow.resolve(CONFIG);
    await runtime.pass(0);
    expect(session.runs).toMatchObject([{ channel: 1, type: "u16" }]);
    expect(session.ranges).toHaveLength(1);
  });

  test("are skipped and reported when they are too many", async () => {
    runtime.rest.set("configs/c", new Promise<string>(() => {}));
    await goLive();
    const samples = new Float64Array(60_000);
    const large = compress(periodicItem({ channel: 1, startNs: T0, intervalNs: 1n, samples }));
    for (let i = 0; i < 20; i++) runtime.socket.receive(large);
    expect(session.problems.map(({ code }) => code)).toEqual([...Array(3)].map(() => "no-catalogue"));
  });
});

test("[S-02] channels that nobody asked for are not told, in a row beside one that is wanted either", async () => {
  session.options = { channels: [21] };
  runtime.rest.set(
    "configs/c",
    JSON.stringify({
      app: {
        channels: [{ id: 20 }, { id: 21, type: "u16" }, { id: 22, type: "f32" }, { id: 23, type: "u8" }],
      },
    }),
  );
  await goLive();
  runtime.socket.receive(vector("E5"));
  expect(session.runs.map(({ channel, values }) => [channel, ...values])).toEqual([[21, 513]]);
});
