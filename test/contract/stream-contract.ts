import { describe, expect, test } from "vitest";
import type { Subject } from "./gateway-contract.ts";

/** Streams as the session reads them. */
export function streamContract(subject: Subject): void {
  describe("streams", () => {
    test("XADD answers an id of the server's clock", async () => {
      const id = await subject.rest.text("XADD", subject.key("stream"), "*", "d", "1");
      expect(id).toMatch(/^\d{13}-\d+$/);
    });

    test("XREAD lists streams that have news: key, entries, each an id and flat fields", async () => {
      const [a, b, silent] = [subject.key("a"), subject.key("b"), subject.key("silent")];
      await fill(a, 3);
      await fill(b, 1);
      await fill(silent, 1);
      const read = [
        "XREAD",
        "COUNT",
        2,
        "STREAMS",
        a,
        b,
        silent,
        subject.key("absent"),
        "0",
        "0-0",
        "1-0",
        "0",
      ];
      expect(await subject.rest.text(...read)).toEqual([
        [
          a,
          [
            ["1-0", ["d", "v1", "n", "1"]],
            ["2-0", ["d", "v2", "n", "2"]],
          ],
        ],
        [b, [["1-0", ["d", "v1", "n", "1"]]]],
      ]);
    });

    test("XREAD without news is null", async () => {
      const key = subject.key("stream");
      await fill(key, 2);
      expect(await subject.rest.run("XREAD", "STREAMS", key, "2-0")).toBeNull();
      expect(await subject.rest.run("XREAD", "STREAMS", key, "$")).toBeNull();
    });

    test("XREAD of a key of another type is an error for all streams", async () => {
      const [stream, text] = [subject.key("stream"), subject.key("text")];
      await fill(stream, 1);
      await subject.rest.run("SET", text, "x");
      const answer = await subject.rest.post("/", ["XREAD", "STREAMS", stream, text, "0", "0"]);
      expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(/^WRONGTYPE/) } });
    });

    test("XRANGE pages forward with exclusive starts, XREVRANGE backward", async () => {
      const key = subject.key("stream");
      await fill(key, 4);
      expect(await ids("XRANGE", key, "-", "+", "COUNT", 2)).toEqual(["1-0", "2-0"]);
      expect(await ids("XRANGE", key, "(2-0", "+", "COUNT", 9)).toEqual(["3-0", "4-0"]);
      expect(await ids("XRANGE", key, "2", "3")).toEqual(["2-0", "3-0"]);
      expect(await ids("XREVRANGE", key, "+", "-", "COUNT", 1)).toEqual(["4-0"]);
      expect(await ids("XREVRANGE", key, "(3-0", "-")).toEqual(["2-0", "1-0"]);
    });

    test("XRANGE and XREVRANGE of nothing are empty lists", async () => {
      const key = subject.key("absent");
      expect(await subject.rest.run("XRANGE", key, "-", "+")).toEqual([]);
      expect(await subject.rest.run("XREVRANGE", key, "+", "-")).toEqual([]);
      expect(await subject.rest.run("XLEN", key)).toBe(0);
    });

    test("ids are exact beyond 2^53", async () => {
      const key = subject.key("stream");
      const id = "9007199254740993-18446744073709551615";
      await subject.rest.run("XADD", key, id, "d", "1");
      expect(await ids("XRANGE", key, "9007199254740993-18446744073709551615", "+")).toEqual([id]);
      expect(await subject.rest.run("XREAD", "STREAMS", key, id)).toBeNull();
    });

    test("XTRIM keeps the newest entries, or those from an id on, and answers how many went", async () => {
      const key = subject.key("stream");
      await fill(key, 5);
      expect(await subject.rest.run("XTRIM", key, "MAXLEN", 3)).toBe(2);
      expect(await subject.rest.run("XTRIM", key, "MINID", "4")).toBe(1);
      expect(await ids("XRANGE", key, "-", "+")).toEqual(["4-0", "5-0"]);
    });

    test("XTRIM takes an explicit =, or is known to refuse it", async () => {
      const key = subject.key("stream");
      await fill(key, 3);
      const answer = await subject.rest.post("/", ["XTRIM", key, "MAXLEN", "=", 1]);
      if (subject.differs("XTRIM refuses an explicit =")) expect(answer.status).toBe(400);
      else expect(answer).toMatchObject({ status: 200, json: { result: 2 } });
    });

    test("XINFO STREAM is a flat list with length and last id", async () => {
      const key = subject.key("stream");
      await fill(key, 3);
      const info = (await subject.rest.text("XINFO", "STREAM", key)) as unknown[];
      expect(info[info.indexOf("length") + 1]).toBe(3);
      expect(info[info.indexOf("last-generated-id") + 1]).toBe("3-0");
    });
  });

  /** Entries 1-0, 2-0, … */
  async function fill(key: string, entries: number): Promise<void> {
    const commands = Array.from({ length: entries }, (_, index) => {
      const n = index + 1;
      return ["XADD", key, `${n}-0`, "d", `v${n}`, "n", n];
    });
    expect((await subject.rest.post("/pipeline", commands)).status).toBe(200);
  }

  async function ids(...command: (string | number)[]): Promise<string[]> {
    return ((await subject.rest.text(...command)) as [string, string[]][]).map(([id]) => id);
  }
}
