import { describe, expect, test } from "vitest";
import { rta } from "../../../src/wire/gen/rta.js";
import { decodeRequest, MAX_REQUEST_BYTES, RequestError } from "../../../src/wire/request.ts";
import { encodeRequest } from "../../../src/wire/request-encoder.ts";
import { hex, vector } from "./vectors.ts";

const nothing = { allEvents: false, allDataChannels: false, channelIds: [] };

describe("decodeRequest", () => {
  test.each([
    ["R1", { ...nothing, channelIds: [3, 7, 300] }],
    ["R2", { ...nothing, allEvents: true }],
    ["R3", { ...nothing, allEvents: true, allDataChannels: true }],
    ["R4", null],
    ["R5", null],
  ])("[S-06] reads vector %s", (id, expected) => {
    expect(decodeRequest(vector(`${id}.bin`))).toEqual(expected);
  });

  test.each([
    ["an unknown option", "4a020801", null],
    ["an unknown option beside ours", "4a02080112021001", { ...nothing, allDataChannels: true }],
    ["unknown fields in the subscription", "12052201610801", { ...nothing, allEvents: true }],
    ["channel 0", "12031a0100", { ...nothing, channelIds: [0] }],
    ["both flags off", "120408001000", null],
    [
      "two subscriptions widen each other",
      "12021803120408011807",
      { ...nothing, allEvents: true, channelIds: [3, 7] },
    ],
  ])("[S-07] %s", (_, bytes, expected) => {
    expect(decodeRequest(hex(bytes))).toEqual(expected);
  });

  test.each(["ffffff", "1205", "12031a0281", "1a", "0c", "00", "0e"])(
    "[S-07] refuses garbage: %s",
    (bytes) => {
      expect(() => decodeRequest(hex(bytes))).toThrow(RequestError);
    },
  );

  test("refuses more than MAX_REQUEST_BYTES", () => {
    const ids = MAX_REQUEST_BYTES - 8;
    expect(decodeRequest(encodeRequest({ channelIds: new Array(ids).fill(1) }))?.channelIds).toHaveLength(
      ids,
    );
    const tooLong = encodeRequest({ channelIds: new Array(ids + 1).fill(1) });
    expect(() => decodeRequest(tooLong)).toThrow(RequestError);
  });

  test("[S-08] takes 60,000 channels, packed or not", () => {
    const channelIds = Array.from({ length: 60_000 }, (_, i) => i * 71_582);
    expect(decodeRequest(encodeRequest({ channelIds }))?.channelIds).toEqual(channelIds);

    const subscription = channelIds.flatMap((id) => [0x18, ...varint(id)]);
    const unpacked = Uint8Array.from([0x12, ...varint(subscription.length), ...subscription]);
    expect(decodeRequest(unpacked)?.channelIds).toEqual(channelIds);
  });
});

test("encodeRequest writes what the vectors hold", () => {
  expect(encodeRequest({ channelIds: [3, 7, 300] })).toEqual(vector("R1.bin"));
  expect(encodeRequest({ allEvents: true })).toEqual(vector("R2.bin"));
  expect(encodeRequest({ allEvents: true, allDataChannels: true })).toEqual(vector("R3.bin"));
  expect(encodeRequest({})).toEqual(vector("R4.bin"));
  expect(rta.model.net.stream.StreamRequest.decode(encodeRequest({})).option).toBe("subscribe");
});

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];
}
