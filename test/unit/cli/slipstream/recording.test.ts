import { describe, expect, test } from "vitest";
import {
  type RecordingPart,
  RecordingWriter,
  readRecording,
  type StreamEntry,
} from "../../../../src/cli/slipstream/recording.ts";
import { Random } from "../../../fuzz/random.ts";

const HEADER = { identity: "s-1", recordedAt: "2026-11-26T12:00:00.000Z", software: "slipstream 0.1.0" };

const bytes = (text: string) => Buffer.from(text, "latin1");
const ENTRY: StreamEntry = { id: "1000-0", fields: ["id", "7", "data", "\x00\xff\x80"].map(bytes) };

function written(write: (writer: RecordingWriter) => void): string {
  let text = "";
  write(new RecordingWriter((line) => (text += line), HEADER));
  return text;
}

const WHOLE = written((writer) => {
  writer.session(["streamSessionId", "7"].map(bytes));
  writer.entry(ENTRY);
  writer.gap(3);
  writer.entry({ ...ENTRY, id: "1001-5" });
  writer.end();
});

async function* linesOf(text: string): AsyncGenerator<string> {
  yield* text.replace(/\n$/, "").split("\n");
}

async function partsOf(text: string): Promise<RecordingPart[]> {
  const parts: RecordingPart[] = [];
  for await (const part of (await readRecording(linesOf(text), "a.jsonl")).parts) parts.push(part);
  return parts;
}

describe("a recording", () => {
  test("says what it is, and gives back each part as it was", async () => {
    const { header, parts } = await readRecording(linesOf(WHOLE), "a.jsonl");
    expect(header).toEqual(HEADER);
    const read: RecordingPart[] = [];
    for await (const part of parts) read.push(part);
    expect(read).toEqual([
      { kind: "session", fields: ["streamSessionId", "7"].map(bytes) },
      { kind: "entry", entry: ENTRY },
      { kind: "gap", entries: 3 },
      { kind: "entry", entry: { ...ENTRY, id: "1001-5" } },
      { kind: "end", entries: 2 },
    ]);
  });

  test("keeps text as text, and what is none in base64", () => {
    expect(WHOLE.split("\n")[2]).toBe('{"id":"1000-0","fields":["id","7","data",{"base64":"AP+A"}]}');
  });

  test.each([1, 2, 3, 4, 5])("[Q-01] is exact for any bytes, seed %i", async (seed) => {
    const random = new Random(seed);
    const entries = Array.from({ length: 200 }, (_, index): StreamEntry => {
      const fields = Array.from({ length: 2 * (1 + random.below(3)) }, () =>
        Buffer.from(
          Array.from({ length: random.below(40) }, () => random.below(random.below(2) ? 128 : 256)),
        ),
      );
      return { id: `${index}-${seed}`, fields };
    });
    const text = written((writer) => {
      for (const entry of entries) writer.entry(entry);
      writer.end();
    });
    const parts = await partsOf(text);
    expect(parts.slice(0, -1)).toEqual(entries.map((entry) => ({ kind: "entry", entry })));
  });

  test("[Q-02] that was cut off gives what is whole of it, wherever the cut is", async () => {
    const whole = await partsOf(WHOLE);
    const headerEnd = WHOLE.indexOf("\n") + 1;
    for (let length = headerEnd; length < WHOLE.length - 1; length++) {
      const lines = WHOLE.slice(0, length).split("\n").length - 2;
      const parts = await partsOf(WHOLE.slice(0, length));
      expect(whole.slice(0, parts.length)).toEqual(parts);
      expect(parts.length).toBeGreaterThanOrEqual(lines);
      expect(parts.at(-1)?.kind).not.toBe("end");
    }
  });

  test("[Q-02] that was changed is told by its checksum", async () => {
    const changed = WHOLE.replace('"1001-5"', '"1001-6"');
    await expect(partsOf(changed)).rejects.toThrow(
      "a.jsonl is not what was recorded: its checksum in line 6",
    );
    await expect(partsOf(`${WHOLE}{"gap":{"entries":1}}\n`)).rejects.toThrow("not what was recorded");
  });

  test.each([
    ["", "a.jsonl is not a recording"],
    ["time,speed\n1,2\n", "a.jsonl is not a recording"],
    ['{"recording":"slipstream","version":9}\n', "a recording of version 9; this slipstream reads 1"],
    ['{"recording":"slipstream","version":1,"identity":4}\n', "line 1 is none of a recording"],
    [WHOLE.replace('{"gap"', '{"gap'), "a.jsonl: line 4 is none of a recording"],
    [WHOLE.replace('"id","7",', '"id",'), "line 3 is none of a recording"],
    [WHOLE.replace("AP+A", "AP+"), "line 3 is none of a recording"],
    [WHOLE.replace('"1000-0"', '"yesterday"'), "line 3 is none of a recording"],
  ])("a file that is none is refused: %j", async (text, message) => {
    await expect(partsOf(text)).rejects.toThrow(message);
  });
});
