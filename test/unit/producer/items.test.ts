import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  encodeItems,
  eventItem,
  periodicItem,
  rowItem,
  sessionJsonItem,
  timeRangeItem,
  timestampedItem,
} from "../../../src/producer/index.ts";
import { rta } from "../../../src/wire/gen/rta.js";

const T0_NS = 1_795_424_400_000_000_000n;
const MS = 1_000_000n;

const E2 = timeRangeItem(T0_NS, T0_NS + 1500n * MS);
const E3 = timestampedItem({
  channel: 3,
  timesNs: [T0_NS, T0_NS + 20n * MS, T0_NS + 50n * MS],
  samples: Float64Array.of(1.5, -2, 0.25),
});
const E4 = periodicItem({
  channel: 7,
  startNs: T0_NS,
  intervalNs: 10n * MS,
  samples: Uint16Array.of(100, 101, 102, 103, 104),
});
const E5 = rowItem({
  channels: [20, 21, 22, 23],
  timestampNs: T0_NS + 250n * MS,
  buffer: encodeItems([
    new Uint8Array(Float64Array.of(-40.5).buffer),
    new Uint8Array(Uint16Array.of(513).buffer),
    new Uint8Array(Float32Array.of(0.5).buffer),
    Uint8Array.of(7),
  ]),
});
const E6 = eventItem({ definition: 431, app: "pump", timestampNs: T0_NS + 700n * MS, text: "Valve open" });
const E7 = eventItem({ definition: 8, app: "pump", timestampNs: T0_NS + 800n * MS, values: [1, 2.5] });

describe("items are the bytes of the worked examples", () => {
  test.each([
    ["E1", sessionJsonItem(jsonOf("E1"))],
    ["E2", E2],
    ["E3", E3],
    ["E4", E4],
    ["E5", E5],
    ["E6", E6],
    ["E7", E7],
    ["E8", encodeItems([E3, E4, E7, E2])],
    ["E12", sessionJsonItem(jsonOf("E12"))],
  ])("%s", (name, bytes) => {
    expect(Buffer.from(bytes).toString("hex")).toBe(vector(name).toString("hex"));
  });
});

test("a run of single samples keeps times that share no unit", () => {
  const timesNs = [T0_NS, T0_NS + 3n, T0_NS + 10n, T0_NS + 8n];
  const item = timestampedItem({ channel: 0, timesNs, samples: Uint8Array.of(1, 2, 3, 4) });
  const { data } = rta.model.net.stream.StreamDataBurst.decode(item);
  const run = data[0]!.timestampedData!;
  expect(run.timestampDeltasScale!.toString()).toBe("1");
  expect(run.timestampDeltas!.map(String)).toEqual(["0", "3", "7", "-2"]);
});

test.each([
  [
    "timesNs and samples",
    () => timestampedItem({ channel: 1, timesNs: [T0_NS], samples: Uint8Array.of(1, 2) }),
  ],
  ["timesNs and samples", () => timestampedItem({ channel: 1, timesNs: [], samples: new Uint8Array() })],
  ["timesNs", () => timestampedItem({ channel: 1, timesNs: [2n ** 63n], samples: Uint8Array.of(1) })],
  ["channel", () => periodicItem({ channel: -1, startNs: 0n, intervalNs: 1n, samples: Uint8Array.of(1) })],
  [
    "intervalNs",
    () => periodicItem({ channel: 1, startNs: 0n, intervalNs: 5 as never, samples: Uint8Array.of(1) }),
  ],
  ["channels", () => rowItem({ channels: [1.5], timestampNs: 0n, buffer: Uint8Array.of(1) })],
  ["definition", () => eventItem({ definition: 2 ** 31, app: "a", timestampNs: 0n })],
  ["app", () => eventItem({ definition: 1, app: undefined as never, timestampNs: 0n })],
  ["values", () => eventItem({ definition: 1, app: "a", timestampNs: 0n, values: ["1" as never] })],
  ["endNs", () => timeRangeItem(0n, 1 as never)],
  ["json", () => sessionJsonItem({} as never)],
  ["samples", () => periodicItem({ channel: 1, startNs: 0n, intervalNs: 1n, samples: [1] as never })],
  ["timesNs", () => timestampedItem({ channel: 1, timesNs: 5 as never, samples: Uint8Array.of(1) })],
  ["channels", () => rowItem({ channels: 5 as never, timestampNs: 0n, buffer: Uint8Array.of(1) })],
  ["buffer", () => rowItem({ channels: [1], timestampNs: 0n, buffer: "x" as never })],
  ["items", () => encodeItems(["x" as never])],
  ["items", () => encodeItems(undefined as never)],
])("an argument that is wrong is named: %s", (name, make) => {
  const message = expect.stringMatching(`^${name} `);
  expect(make).toThrow(expect.objectContaining({ code: "invalid-argument", message }));
});

test("64-bit times are exact, and a gap of months starts another run", () => {
  const timesNs = [-(2n ** 63n), -1n, 0n, 10n ** 15n, 10n ** 15n + 1n, 2n ** 63n - 1n];
  const item = timestampedItem({ channel: 7, timesNs, samples: Uint8Array.of(1, 2, 3, 4, 5, 6) });
  const runs = rta.model.net.stream.StreamDataBurst.decode(item).data.map(
    ({ timestampedData }) => timestampedData!,
  );
  const times = runs.flatMap(({ startTimestamp, timestampDeltas, timestampDeltasScale }) => {
    let timeNs = BigInt(startTimestamp!.toString());
    return timestampDeltas!.map((delta) => {
      timeNs += BigInt(delta.toString()) * BigInt(timestampDeltasScale!.toString());
      return timeNs;
    });
  });
  expect(times).toEqual(timesNs);
  expect(runs.flatMap(({ buffer }) => [...buffer!])).toEqual([1, 2, 3, 4, 5, 6]);
  expect(runs.map(({ channelId }) => channelId)).toEqual([7, 7, 7]);
});

test("samples may be a part of a larger buffer", () => {
  const samples = Uint16Array.of(1, 2, 3, 4).subarray(1, 3);
  const { data } = rta.model.net.stream.StreamDataBurst.decode(
    periodicItem({ channel: 1, startNs: 0n, intervalNs: 1n, samples }),
  );
  expect([...data[0]!.periodicData!.buffer!]).toEqual([2, 0, 3, 0]);
});

function vector(name: string): Buffer {
  return readFileSync(new URL(`../../fixtures/vectors/${name}.bin`, import.meta.url));
}

function jsonOf(name: string): string {
  return rta.model.net.stream.StreamDataBurst.decode(vector(name)).data[0]!.sessionJson!;
}
