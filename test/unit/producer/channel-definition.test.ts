import { describe, expect, test } from "vitest";
import { carConfiguration } from "../../../src/cli/car-config.ts";
import { channelsOf } from "../../../src/producer/index.ts";

describe("channelsOf", () => {
  test("reads type, source, interval and byte order, and moves ids by the offset", () => {
    const configuration = {
      App: {
        channels: [
          { id: 0, name: "a", source: "periodic", type: "u16", interval: 10_000_000 },
          { id: 1, name: "b", source: "synchro", type: "s8" },
          { id: 2, name: "c" },
          { id: 3, name: "d", source: "can", type: "u8" },
          { id: 4, name: "e", source: "row", type: "3f32" },
        ],
        parameters: [{ channels: [1, 2], byteOrder: "be" }, { channels: [0] }],
      },
      Other: {},
    };
    const expected = [
      { id: 100, type: "u16", source: "periodic", intervalNs: 10_000_000n },
      { id: 101, type: "s8", source: "timestamped", byteOrder: "be" },
      { id: 102, type: "f64", source: "row", byteOrder: "be" },
    ];
    expect(channelsOf(configuration, 100)).toEqual(expected);
    expect(channelsOf(JSON.stringify(configuration), 100)).toEqual(expected);
  });

  test("reads every channel of the demo car's configuration", () => {
    expect(channelsOf(carConfiguration().json, 1000)).toHaveLength(43);
  });

  test.each([
    ["{", "configuration"],
    ["[1]", "configuration"],
    ["null", "configuration"],
    ['{"App":{"channels":5}}', "configuration"],
    ['{"App":{"channels":[{"id":-1}]}}', "id"],
    ['{"App":{"channels":[{"id":1,"source":"periodic"}]}}', "intervalNs"],
    ['{"App":{"channels":[{"id":1,"source":"periodic","interval":0.5}]}}', "intervalNs"],
  ])("%s is refused by name", (configuration, name) => {
    const message = expect.stringContaining(name);
    expect(() => channelsOf(configuration)).toThrow(
      expect.objectContaining({ code: "invalid-argument", message }),
    );
  });
});
