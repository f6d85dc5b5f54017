import { describe, expect, test } from "vitest";
import {
  ENTRY_FIELDS,
  entryFromField,
  entryFromHash,
  type SessionEntry,
  unite,
} from "../../../src/redis/session-entry.ts";

type Fields = Partial<Record<(typeof ENTRY_FIELDS)[number], string>>;

const REQUIRED = { streamSessionId: "7", streamName: "car", streamPosition: "5-1" };

function hash(fields: Fields): SessionEntry | null {
  return entryFromHash(
    ENTRY_FIELDS.map((name) =>
      fields[name] === undefined ? null : Buffer.from(fields[name]).toString("base64"),
    ),
  );
}

const field = (text: string): SessionEntry | null => entryFromField(Buffer.from(text).toString("base64"));

describe("a hash", () => {
  test("with all fields", () => {
    expect(hash({ ...REQUIRED, json: "{ }", tStart: "1", tEnd: "2" })).toEqual({
      ...REQUIRED,
      json: "{ }",
      range: { startNs: 1n, endNs: 2n },
    });
  });

  test.each<[string, Fields]>([
    ["nothing", {}],
    ["no stream session id", { streamName: "car", json: "{}" }],
    ["no stream name", { streamSessionId: "7", json: "{}" }],
  ])("with %s is no session", (_, fields) => {
    expect(hash(fields)).toBeNull();
  });

  test.each([null, "x", 3, undefined, []])("%j in its place is no answer", (reply) => {
    expect(() => entryFromHash(reply)).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  test.each([undefined, ""])("[F-06] json %j: not ready to stream", (json) => {
    expect(hash(json === undefined ? REQUIRED : { ...REQUIRED, json })).toMatchObject({ json: null });
  });

  test("a padded id is trimmed", () => {
    expect(hash({ ...REQUIRED, streamSessionId: " 7\n" })).toMatchObject({ streamSessionId: "7" });
  });

  test.each([undefined, "", "$", "-1", "18446744073709551616-0"])(
    "[B-05] position %j: the whole stream is looked through",
    (streamPosition) => {
      const { streamSessionId, streamName } = REQUIRED;
      const fields = { streamSessionId, streamName };
      const entry = hash(streamPosition === undefined ? fields : { ...fields, streamPosition });
      expect(entry).toMatchObject({ streamPosition: "0-0" });
    },
  );

  test.each<[Fields, SessionEntry["range"]]>([
    [
      { tStart: "1795424400000000123", tEnd: "1795424401500000001" },
      range(1795424400000000123n, 1795424401500000001n),
    ],
    [{ tStart: " 0 ", tEnd: "-1" }, range(0n, -1n)],
    [{ tStart: "-9223372036854775808", tEnd: "9223372036854775807" }, range(-(2n ** 63n), 2n ** 63n - 1n)],
    [{ tStart: "1" }, null],
    [{ tEnd: "1" }, null],
    [{ tStart: "1", tEnd: "" }, null],
    [{ tStart: "1", tEnd: "2.5" }, null],
    [{ tStart: "1", tEnd: "1e3" }, null],
    [{ tStart: "1", tEnd: "9223372036854775808" }, null],
  ])("[F-05] times %j", (times, expected) => {
    expect(hash({ ...REQUIRED, ...times })?.range).toEqual(expected);
  });
});

describe("a field of JSON", () => {
  test("numbers keep the digits that a double has not", () => {
    expect(
      field(
        `{"streamSessionId":7,"streamName":"car","streamPosition":"5-1","tStart":1795424400000000123,"tEnd":1795424400000000124}`,
      ),
    ).toEqual({ ...REQUIRED, json: null, range: range(1795424400000000123n, 1795424400000000124n) });
  });

  test.each(["", "{", "null", "7", '"text"', "[]", "{}", '{"streamSessionId":{},"streamName":"car"}'])(
    "%j is no session",
    (text) => {
      expect(field(text)).toBeNull();
    },
  );

  test("that is missing is no session", () => {
    expect(entryFromField(null)).toBeNull();
  });

  test.each([3, undefined, []])("%j in its place is no answer", (reply) => {
    expect(() => entryFromField(reply)).toThrow(expect.objectContaining({ code: "malformed" }));
  });
});

test("[M-05] ranges unite to what covers both", () => {
  expect(unite(null, null)).toBeNull();
  expect(unite(range(1n, 2n), null)).toEqual(range(1n, 2n));
  expect(unite(null, range(1n, 2n))).toEqual(range(1n, 2n));
  expect(unite(range(0n, 10n), range(5n, 7n))).toEqual(range(0n, 10n));
  expect(unite(range(5n, 7n), range(-3n, 6n))).toEqual(range(-3n, 7n));
});

function range(startNs: bigint, endNs: bigint): { startNs: bigint; endNs: bigint } {
  return { startNs, endNs };
}
