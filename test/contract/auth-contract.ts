import { describe, expect, test } from "vitest";
import type { Subject } from "./gateway-contract.ts";

const ENDPOINTS = ["/", "/pipeline", "/multi-exec", "/incr/"];

/** Who gets in: nothing is executed for anybody else, at any endpoint. */
export function authContract(subject: Subject): void {
  describe.each(ENDPOINTS)("authorization at %s", (endpoint) => {
    const refused: [string, string, Record<string, string>][] = [
      ["no token", "", {}],
      ["a wrong token", "", { Authorization: "Bearer wrong" }],
      ["an empty token", "", { Authorization: "Bearer " }],
      ["a wrong token in the query", "?_token=wrong", {}],
    ];
    test.each(refused)("%s is a 401", async (_, query, headers) => {
      const key = subject.key("refused");
      expect(await knock(endpoint, key, query, headers)).toEqual({ status: 401, error: expect.any(String) });
      expect(await subject.rest.run("EXISTS", key)).toBe(0);
    });

    test("the token under another scheme is a 401", async () => {
      const headers = { Authorization: `Basic ${subject.token}` };
      const key = subject.key("refused");
      expect(await knock(endpoint, key, "", headers)).toEqual({ status: 401, error: expect.any(String) });
      expect(await subject.rest.run("EXISTS", key)).toBe(0);
    });

    test("a prefix of the token is a 401", async () => {
      const headers = { Authorization: `Bearer ${subject.token.slice(0, -1)}` };
      const key = subject.key("refused");
      expect(await knock(endpoint, key, "", headers)).toEqual({ status: 401, error: expect.any(String) });
      expect(await subject.rest.run("EXISTS", key)).toBe(0);
    });

    test("the token as bearer and in the query gets in", async () => {
      const key = subject.key("let-in");
      await knock(endpoint, key, "", { Authorization: `Bearer ${subject.token}` });
      await knock(endpoint, key, `?_token=${encodeURIComponent(subject.token)}`, {});
      expect(await subject.rest.text("GET", key)).toBe("2");
    });
  });

  /** Asks an endpoint to count `key` up. */
  async function knock(endpoint: string, key: string, query: string, headers: Record<string, string>) {
    const command = ["INCR", key];
    const path = endpoint === "/incr/" ? `/incr/${key}` : endpoint;
    const body = endpoint === "/incr/" ? null : JSON.stringify(endpoint === "/" ? command : [command]);
    const response = await fetch(subject.rest.url + path + query, { method: "POST", headers, body });
    const json = (await response.json()) as { error?: unknown };
    return { status: response.status, error: json.error };
  }
}
