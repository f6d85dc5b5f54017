import { beforeEach, describe, expect, test } from "vitest";
import { encodeItems, periodicItem } from "../../../src/producer/index.ts";
import { timeRangeBurst } from "../../../src/wire/burst.ts";
import { compress } from "../../../src/wire/lz4.ts";
import type { FakeRuntime } from "../../fakes/client-runtime.ts";
import { FollowedSession, sessionMessage, vector } from "../../fakes/followed-session.ts";

const T0 = 1795424400000000000n;

let runtime: FakeRuntime;
let { sessions, ranges, catalogues, runs, events, problems, start, join, goLive } = new FollowedSession();

beforeEach(() => {
  const session = new FollowedSession();
  session.options = { channels: "all", events: true };
  ({ runtime, sessions, ranges, catalogues, runs, events, problems, start, join, goLive } = session);
});

describe("what frames hold", () => {
  const CONFIG = JSON.stringify({
    app: {
      channels: [
        { id: 3 },
        { id: 7, source: "periodic", type: "u16" },
        { id: 20 },
        { id: 21, type: "u16" },
        { id: 22, type: "f32" },
        { id: 23, type: "u8" },
      ],
    },
  });
  const BOUND = '{"identity":"s","state":"open","configBindings":[{"identifier":"c","channelOffset":0}]}';

  beforeEach(async () => {
    runtime.rest.set("sessions/s", BOUND).set("configs/c", CONFIG);
    start();
    await runtime.pass(0);
    await join();
  });

  test("[D-01] timestamped, periodic, event and time range, with exact nanoseconds", () => {
    runtime.socket.receive(vector("E8"));
    expect(runs).toEqual([
      {
        channel: 3,
        type: "f64",
        timesNs: BigInt64Array.of(T0, T0 + 20_000_000n, T0 + 50_000_000n),
        values: Float64Array.of(1.5, -2, 0.25),
      },
      {
        channel: 7,
        type: "u16",
        timesNs: BigInt64Array.from([0n, 1n, 2n, 3n, 4n], (i) => T0 + i * 10_000_000n),
        values: Uint16Array.of(100, 101, 102, 103, 104),
      },
    ]);
    expect(events).toMatchObject([{ definitionId: 8, appName: "pump", values: Float64Array.of(1, 2.5) }]);
    expect(ranges).toEqual([{ startNs: T0, endNs: T0 + 1_500_000_000n }]);
  });

  test("[D-01] a row, each value by the width of its channel", () => {
    runtime.socket.receive(vector("E5"));
    expect(runs.map(({ channel, values }) => [channel, ...values])).toEqual([
      [20, -40.5],
      [21, 513],
      [22, 0.5],
      [23, 7],
    ]);
    expect(runs[3]!.timesNs).toEqual(BigInt64Array.of(T0 + 250_000_000n));
  });

  test("periodic runs of the same times share them, and no others do", () => {
    const item = (
      channel: number,
      intervalNs: bigint,
      samples: Float64Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
    ) => periodicItem({ channel, startNs: T0, intervalNs, samples });
    runtime.socket.receive(
      compress(
        encodeItems([
          item(3, 10n, Float64Array.of(1, 2, 3)),
          item(7, 10n, Uint16Array.of(4, 5, 6)),
          item(7, 10n, Uint16Array.of(7)),
          item(7, 10n, Uint16Array.of(8, 9, 10)),
          item(3, 20n, Float64Array.of(11, 12, 13)),
        ]),
      ),
    );
    const times = runs.map(({ timesNs }) => timesNs);
    expect(times[1]).toBe(times[0]);
    expect(times.map((each) => [...each].map((timeNs) => timeNs - T0))).toEqual([
      [0n, 10n, 20n],
      [0n, 10n, 20n],
      [0n],
      [0n, 10n, 20n],
      [0n, 20n, 40n],
    ]);
    expect(runs.map(({ values }) => [...values])).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7],
      [8, 9, 10],
      [11, 12, 13],
    ]);
  });

  test("[D-06] runs that go back in time come as they are", () => {
    runtime.socket.receive(vector("E4"));
    runtime.socket.receive(vector("E3"));
    runtime.socket.receive(vector("E4"));
    expect(runs.map(({ channel }) => channel)).toEqual([7, 3, 7]);
  });

  test("surplus times are ignored (A-43), in a channel that the configuration does not know too", () => {
    runtime.socket.receive(vector("E11"));
    expect(runs).toMatchObject([{ channel: 300, type: "f32", values: Float32Array.of(3.25) }]);
    runtime.socket.receive(vector("E14"));
    expect(problems).toMatchObject([{ code: "unknown-width" }]);
  });

  test.each([
    ["is no LZ4 block", Uint8Array.of(0xff, 0xff)],
    ["is no burst", compress(Uint8Array.of(0x0a, 0x05, 0x22))],
    ["expands without end", Uint8Array.of(0x1f, 0x0a, 0x01, 0x00, ...Array<number>(40_000).fill(255), 0)],
  ])("[Z-05] [D-10] a message that %s is skipped and reported", (_title, message) => {
    runtime.socket.receive(message);
    runtime.socket.receive(vector("E3"));
    expect(problems).toMatchObject([{ code: "bad-frame" }]);
    expect(runs).toHaveLength(1);
  });

  test("[D-10] items not known here and empty bursts are passed over; text messages are reported", () => {
    runtime.socket.receive(vector("E15"));
    runtime.socket.receive(Uint8Array.of(0));
    expect(problems).toEqual([]);
    runtime.socket.receive("hello");
    expect(problems).toMatchObject([{ code: "not-binary" }]);
  });

  test("[M-05] time ranges only widen", () => {
    for (const [start, end] of [
      [10n, 20n],
      [12n, 15n],
      [5n, 30n],
    ] as const) {
      runtime.socket.receive(compress(timeRangeBurst(start, end)));
    }
    expect(ranges).toEqual([
      { startNs: 10n, endNs: 20n },
      { startNs: 10n, endNs: 20n },
      { startNs: 5n, endNs: 30n },
    ]);
  });

  test("a Session JSON that is no JSON is reported, and the one before stays", () => {
    const before = sessions.length;
    runtime.socket.receive(sessionMessage("{"));
    expect(problems).toMatchObject([{ code: "bad-session-json" }]);
    expect(sessions).toHaveLength(before);
  });
});

describe("the catalogue", () => {
  const bound = (...bindings: object[]) =>
    JSON.stringify({ identity: "s", state: "open", configBindings: bindings });
  const config = (name: string) => JSON.stringify({ [name]: { parameters: [{ id: name, channels: [0] }] } });
  const shown = () => catalogues.at(-1)?.parameters.map(({ id, channels }) => [id, ...channels]);

  test("[L-06] joins all bound configurations, each with its offset, each fetched once", async () => {
    const bindings = [
      { identifier: "a", channelOffset: 0 },
      { identifier: "b/c", channelOffset: 1000 },
    ];
    runtime.rest.set("sessions/s", bound(...bindings));
    runtime.rest.set("configs/a", config("A")).set("configs/b%2Fc", config("B"));
    start();
    await runtime.pass(0);
    await join();
    await runtime.pass(31_000);
    expect(shown()).toEqual([
      ["A", 0],
      ["B", 1000],
    ]);
    expect(catalogues).toHaveLength(1);
    expect(runtime.asked.filter((path) => path.startsWith("configs/"))).toHaveLength(2);
  });

  test("does not keep the stream waiting", async () => {
    const slow = Promise.withResolvers<string>();
    runtime.rest
      .set("sessions/s", bound({ identifier: "a", channelOffset: 0 }))
      .set("configs/a", slow.promise);
    start();
    await runtime.pass(0);
    await join();
    expect(catalogues).toEqual([]);
    slow.resolve(config("A"));
    await runtime.pass(0);
    expect(catalogues).toHaveLength(1);
    expect(shown()).toEqual([["A", 0]]);
  });

  test("takes a binding that the stream brings later", async () => {
    runtime.rest.set("configs/a", config("A"));
    await goLive();
    runtime.socket.receive(sessionMessage(bound({ identifier: "a", channelOffset: 5 })));
    await runtime.pass(0);
    expect(catalogues.map(({ origin }) => origin)).toEqual(["guessed", "configuration"]);
    expect(shown()).toEqual([["A", 5]]);
  });

  test("reports a configuration that cannot be had, guesses meanwhile, and asks again with the next poll", async () => {
    runtime.rest.set("sessions/s", bound({ identifier: "a", channelOffset: 0 })).set("configs/a", 404);
    start();
    await runtime.pass(0);
    await join();
    expect(problems).toMatchObject([{ code: "no-configuration" }]);
    expect(catalogues.at(-1)?.origin).toBe("guessed");
    runtime.rest.set("configs/a", config("A"));
    await runtime.pass(31_000);
    expect(shown()).toEqual([["A", 0]]);
  });

  test("without any: lists the channels that arrive, with the type of their width", async () => {
    runtime.rest.set("sessions/s", 404).set("sessions", 404);
    start();
    await runtime.pass(0);
    await join();
    runtime.socket.receive(vector("E11"));
    runtime.socket.receive(vector("E9"));
    expect(shown()).toEqual([
      ["channel 0", 0],
      ["channel 1", 1],
      ["channel 2", 2],
      ["channel 300", 300],
    ]);
    const types = [...catalogues.at(-1)!.channels.values()].map(({ type }) => type);
    expect(types).toEqual(["f64", "f64", "f64", "f32"]);
    expect(runs).toHaveLength(4);
  });
});
