import { describe, expect, test } from "vitest";
import type { Subject } from "./gateway-contract.ts";

/** Requests and replies of single commands. */
export function protocolContract(subject: Subject): void {
  describe("commands", () => {
    test("a JSON array is a command and its reply the result", async () => {
      const key = subject.key("set");
      expect(await subject.rest.post("/", ["SET", key, "värde"], {})).toMatchObject({
        status: 200,
        text: '{"result":"OK"}',
      });
      expect(await subject.rest.text("GET", key)).toBe("värde");
    });

    test("command names are taken in any letter case", async () => {
      const key = subject.key("case");
      expect(await subject.rest.run("sEt", key, "1")).toBe("OK");
      expect(await subject.rest.run("incr", key)).toBe(2);
    });

    test("numbers and booleans are arguments as text", async () => {
      const key = subject.key("arguments");
      await subject.rest.post("/", ["RPUSH", key, 12.5, -3, true, false]);
      expect(await subject.rest.text("LRANGE", key, 0, -1)).toEqual(["12.5", "-3", "true", "false"]);
    });

    test.each(["GET", "POST", "PUT"])("a path is a command, by %s", async (method) => {
      const key = subject.key("path");
      const path = `/set/${key}/${encodeURIComponent("a b/c?d&é")}`;
      expect(await subject.rest.request(method, path)).toMatchObject({ status: 200, json: { result: "OK" } });
      expect(await subject.rest.text("GET", key)).toBe("a b/c?d&é");
    });

    test("HEAD runs the command of its path and has no body", async () => {
      const key = subject.key("head");
      expect(await subject.rest.request("HEAD", `/incr/${key}`)).toMatchObject({ status: 200, text: "" });
      expect(await subject.rest.text("GET", key)).toBe("1");
    });

    test("a body is the last argument, and the query follows it", async () => {
      const key = subject.key("query");
      const answer = await subject.rest.request("POST", `/set/${key}?EX=100`, '["not parsed"]');
      expect(answer.json).toEqual({ result: "OK" });
      expect(await subject.rest.text("GET", key)).toBe('["not parsed"]');
      expect(await subject.rest.run("TTL", key)).toSatisfy((ttl: number) => ttl > 0 && ttl <= 100);
    });
  });

  describe("replies", () => {
    test("base64 covers strings, in lists too, but not OK, integers and nil", async () => {
      const key = subject.key("types");
      expect(await subject.rest.run("SET", key, "text")).toBe("OK");
      expect(await subject.rest.run("GET", key)).toBe("dGV4dA==");
      expect(await subject.rest.run("STRLEN", key)).toBe(4);
      const reply = await subject.rest.run("MGET", key, subject.key("absent"));
      expect(reply).toEqual(["dGV4dA==", null]);
    });

    test("a missing key is a null result, written out", async () => {
      const answer = await subject.rest.post("/", ["GET", subject.key("absent")]);
      expect(answer).toMatchObject({ status: 200, text: '{"result":null}' });
    });

    test("without base64 what is not UTF-8 becomes U+FFFD", async () => {
      const key = subject.key("text");
      await subject.rest.write(`/set/${key}`, Uint8Array.of(0x61, 0xff, 0x62));
      expect(await subject.rest.text("GET", key)).toBe("a\u{fffd}b");
    });

    test("a hash is a flat list", async () => {
      const key = subject.key("hash");
      await subject.rest.run("HSET", key, "a", 1, "b", 2);
      expect(await subject.rest.text("HGETALL", key)).toEqual(["a", "1", "b", "2"]);
    });
  });

  describe("errors", () => {
    test.each([
      ["an unknown command", ["NOSUCHCOMMAND", "x"], /^ERR /],
      ["too few arguments", ["GET"], /^ERR /],
      ["an empty command", [], /./],
    ])("%s is a 400 with a plain error", async (_, command, message) => {
      const answer = await subject.rest.post("/", command);
      expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(message) } });
    });

    test("the wrong type of key is a 400 that says so, not in base64", async () => {
      const key = subject.key("type");
      await subject.rest.run("SET", key, "text");
      const answer = await subject.rest.post("/", ["XLEN", key]);
      expect(answer).toMatchObject({ status: 400, json: { error: expect.stringMatching(/^WRONGTYPE /) } });
    });

    test.each(["{", '{"a":1}', '"PING"', ""])("a body that is no command is a 400: %j", async (body) => {
      const answer = await subject.rest.request("POST", "/", body);
      expect(answer).toMatchObject({ status: 400, json: { error: expect.any(String) } });
    });

    test("another method is a 405", async () => {
      const answer = await subject.rest.request("DELETE", `/get/${subject.key("method")}`);
      expect(answer).toMatchObject({ status: 405, json: { error: expect.any(String) } });
    });
  });
}
