import { describe, expect, test } from "vitest";
import type { StreamEntry } from "../../../src/redis/reader.ts";
import type { SessionEntry } from "../../../src/redis/session-entry.ts";
import { Source } from "../../../src/session/source.ts";

const PLACE = { kind: "hash", key: "sessions:s1" } as const;

function sessionEntry(fields: Partial<SessionEntry> = {}): SessionEntry {
  const position = { streamSessionId: "7", streamName: "car", streamPosition: "100-0" };
  return { ...position, json: "{}", range: null, ...fields };
}

const entry = (id: string, sessionId: string | null): StreamEntry => ({
  id,
  sessionId,
  encodedBytes: 0,
  digest: 0,
  data: () => null,
});

/** Whether live delivery has dealt with an entry, is yet to bring it, or neither. */
function side(source: Source, id: string, sessionId: string | null): "covered" | "awaited" | "foreign" {
  const { boundary } = source;
  const each = entry(id, sessionId);
  expect(boundary.covers(each) && boundary.awaits(each)).toBe(false);
  if (boundary.covers(each)) return "covered";
  return boundary.awaits(each) ? "awaited" : "foreign";
}

const at = (cursor: string): Source => Source.at(PLACE, sessionEntry(), cursor);

describe("[D-02] entries of the session", () => {
  test("are those with its id, on one side of the cursor or the other", () => {
    const source = at("200-5");
    expect(side(source, "200-5", "7")).toBe("covered");
    expect(side(source, "200-6", "7")).toBe("awaited");
    expect(side(source, "1000-0", "7")).toBe("awaited");
    for (const other of ["8", "77", "", "seven", null]) expect(side(source, "300-0", other)).toBe("foreign");
  });

  test("may have padded ids, and ids of more digits than a double holds", () => {
    expect(side(at("1-0"), "2-0", "007")).toBe("awaited");
    const source = Source.at(PLACE, sessionEntry({ streamSessionId: "0009007199254740993" }), "1-0");
    expect(side(source, "2-0", "9007199254740993")).toBe("awaited");
    expect(side(source, "2-0", "9007199254740992")).toBe("foreign");
    expect(source.differs(sessionEntry({ streamSessionId: "9007199254740993" }))).toBe(false);
  });

  test("ids that are no numbers are compared as they are", () => {
    const source = Source.at(PLACE, sessionEntry({ streamSessionId: "abc" }), "1-0");
    expect(side(source, "2-0", "abc")).toBe("awaited");
    expect(side(source, "2-0", "ABC")).toBe("foreign");
  });
});

describe("positions", () => {
  test("a later one of the same source is taken up, an earlier one or one of another source is not", () => {
    const source = at("200-0");
    source.recall({ sourceNumber: 1, cursor: "300-0" });
    source.recall({ sourceNumber: 1, cursor: "99-0" });
    source.recall({ sourceNumber: 2, cursor: "400-0" });
    expect(source.position).toEqual({ sourceNumber: 1, cursor: "300-0" });
  });

  test("all of it comes back after hibernation", () => {
    const source = at("500-0").succeededBy(sessionEntry({ streamSessionId: "8", streamPosition: "300-0" }));
    const restored = Source.restore(structuredClone(source.keep()));
    expect(restored.keep()).toEqual(source.keep());
    expect(restored.begin).toBe("100-0");
    expect(restored.place).toEqual(PLACE);
    expect(side(restored, "400-0", "8")).toBe("awaited");
  });
});

describe("a producer that goes on", () => {
  test("differs by stream or by stream session id, and by nothing else", () => {
    const source = at("200-0");
    expect(source.differs(sessionEntry({ streamPosition: "150-0", json: null }))).toBe(false);
    expect(source.differs(sessionEntry({ streamSessionId: "8" }))).toBe(true);
    expect(source.differs(sessionEntry({ streamName: "car2" }))).toBe(true);
  });

  test("in the same stream, ahead of the cursor: both ids are followed", () => {
    const source = at("200-0").succeededBy(sessionEntry({ streamSessionId: "8", streamPosition: "250-0" }));
    expect(source.position).toEqual({ sourceNumber: 2, cursor: "200-0" });
    expect(side(source, "210-0", "7")).toBe("awaited");
    expect(side(source, "260-0", "8")).toBe("awaited");
    expect(source.differs(sessionEntry({ streamSessionId: "8" }))).toBe(false);
    expect(source.differs(sessionEntry({ streamSessionId: "7" }))).toBe(true);
  });

  test("in the same stream, behind the cursor: what the new id wrote there is brought, the rest not again", () => {
    const source = at("500-0").succeededBy(sessionEntry({ streamSessionId: "8", streamPosition: "300-0" }));
    expect(source.position.cursor).toBe("299-18446744073709551615");
    expect(side(source, "300-0", "8")).toBe("awaited");
    expect(side(source, "400-0", "8")).toBe("awaited");
    expect(side(source, "400-0", "7")).toBe("covered");
    expect(side(source, "501-0", "7")).toBe("awaited");
    source.advance("450-0");
    expect(side(source, "400-0", "8")).toBe("covered");
    expect(side(source, "460-0", "8")).toBe("awaited");
    expect(side(source, "460-0", "7")).toBe("covered");
    source.advance("500-0");
    for (const id of ["7", "8"]) {
      expect(side(source, "500-0", id)).toBe("covered");
      expect(side(source, "500-1", id)).toBe("awaited");
    }
  });

  test("a second time, while the first is still being brought: nothing of any id is lost or repeated", () => {
    const first = at("500-0").succeededBy(sessionEntry({ streamSessionId: "8", streamPosition: "300-0" }));
    first.advance("400-0");
    const ahead = first.succeededBy(sessionEntry({ streamSessionId: "9", streamPosition: "450-0" }));
    const behind = first.succeededBy(sessionEntry({ streamSessionId: "9", streamPosition: "350-0" }));
    for (const second of [ahead, behind]) {
      expect(side(second, "390-0", "8")).toBe("covered");
      expect(side(second, "420-0", "7")).toBe("covered");
      expect(side(second, "420-0", "8")).toBe("awaited");
      expect(side(second, "460-0", "9")).toBe("awaited");
    }
    expect(side(behind, "360-0", "9")).toBe("awaited");
    expect(side(behind, "360-0", "7")).toBe("covered");
  });

  test("in another stream: that stream from where it said, under the new id alone", () => {
    const entry = sessionEntry({ streamName: "car2", streamSessionId: "8", streamPosition: "50-0" });
    const source = at("500-0").succeededBy(entry);
    expect(source.boundary.fields.streamName).toBe("car2");
    expect(side(source, "50-0", "8")).toBe("awaited");
    expect(side(source, "600-0", "7")).toBe("foreign");
    expect(source.position.sourceNumber).toBe(2);
    expect(source.begin).toBe("50-0");
  });

  test("again and again: the newest eight ids are followed, one that returns is the newest", () => {
    let source = at("500-0");
    for (let id = 8; id < 20; id++) {
      source = source.succeededBy(sessionEntry({ streamSessionId: String(id), streamPosition: "600-0" }));
    }
    source = source.succeededBy(sessionEntry({ streamSessionId: "13", streamPosition: "600-0" }));
    const followed = Array.from({ length: 14 }, (_, i) => String(i + 7)).filter(
      (id) => side(source, "700-0", id) === "awaited",
    );
    expect(followed).toEqual(["12", "13", "14", "15", "16", "17", "18", "19"]);
    expect(source.differs(sessionEntry({ streamSessionId: "13" }))).toBe(false);
  });
});

test("a stream that went back is read on from there, as another source; one that was made anew, from its first entry", () => {
  const source = at("500-0").wentBackTo("400-0");
  expect(source.position).toEqual({ sourceNumber: 2, cursor: "400-0" });
  expect(side(source, "450-0", "7")).toBe("awaited");
  expect(source.begin).toBe("100-0");
  const anew = at("500-0").wentBackTo(null);
  expect(anew.position).toEqual({ sourceNumber: 2, cursor: "0-0" });
  expect(anew.begin).toBe("0-0");
});
