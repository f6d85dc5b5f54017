import { describe, expect, test } from "vitest";
import type { Subject } from "./gateway-contract.ts";

/** Several commands in one request. */
export function transactionContract(subject: Subject): void {
  describe("pipeline", () => {
    test("answers each command in its place", async () => {
      const key = subject.key("pipeline");
      const answer = await subject.rest.post("/pipeline", [
        ["SET", key, "1"],
        ["INCR", key],
        ["GET", key],
        ["GET", subject.key("absent")],
      ]);
      const results = [{ result: "OK" }, { result: 2 }, { result: "Mg==" }, { result: null }];
      expect(answer).toMatchObject({ status: 200, json: results });
    });

    test("an error is its command's own, the others run, the status is 200", async () => {
      const key = subject.key("pipeline");
      const answer = await subject.rest.post("/pipeline", [
        ["INCR", key],
        ["XLEN", key],
        ["GET"],
        ["INCR", key],
      ]);
      const [wrongType, wrongCount] = [/^WRONGTYPE/, /^ERR/].map((text) => expect.stringMatching(text));
      const items = [{ result: 1 }, { error: wrongType }, { error: wrongCount }, { result: 2 }];
      expect(answer).toMatchObject({ status: 200, json: items });
    });

    test.each(["[]", "{}", "["])("a body that is no list of commands is a 400: %s", async (body) => {
      const answer = await subject.rest.request("POST", "/pipeline", body);
      expect(answer).toMatchObject({ status: 400, json: { error: expect.any(String) } });
    });
  });

  describe("transaction", () => {
    test("answers each command in its place, in base64 where a string", async () => {
      const key = subject.key("multi");
      const answer = await subject.rest.post("/multi-exec", [
        ["SET", key, "a"],
        ["APPEND", key, "b"],
        ["GET", key],
      ]);
      expect(answer).toMatchObject({
        status: 200,
        json: [{ result: "OK" }, { result: 2 }, { result: "YWI=" }],
      });
    });

    test("a command that fails while it runs is reported in its place", async () => {
      const key = subject.key("multi");
      const answer = await subject.rest.post("/multi-exec", [
        ["INCR", key],
        ["XLEN", key],
        ["INCR", key],
      ]);
      const items = [{ result: 1 }, { error: expect.stringMatching(/^WRONGTYPE/) }, { result: 2 }];
      expect(answer).toMatchObject({ status: 200, json: items });
    });

    test("a command that cannot be queued discards them all, with one error", async () => {
      const key = subject.key("multi");
      const answer = await subject.rest.post("/multi-exec", [["INCR", key], ["GET"], ["INCR", key]]);
      expect(answer).toMatchObject({ status: 400, json: { error: expect.any(String) } });
      expect(await subject.rest.run("EXISTS", key)).toBe(0);
    });

    test("nothing gets in between, however many ask at once", async () => {
      const key = subject.key("atomic");
      const count = Array.from({ length: 4 }, () => ["INCR", key]);
      const transactions: Promise<{ result: number }[]>[] = [];
      const others: Promise<unknown>[] = [];
      for (let round = 0; round < 25; round++) {
        others.push(subject.rest.run("INCR", key), subject.rest.post("/pipeline", count));
        transactions.push(
          subject.rest.post("/multi-exec", count).then((answer) => answer.json as { result: number }[]),
        );
      }
      await Promise.all(others);
      for (const items of await Promise.all(transactions)) {
        const first = items[0]!.result;
        expect(items.map((item) => item.result)).toEqual([first, first + 1, first + 2, first + 3]);
      }
      expect(await subject.rest.text("GET", key)).toBe(String(25 * (1 + 4 + 4)));
    });
  });
}
