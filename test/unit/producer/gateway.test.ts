import { describe, expect, test } from "vitest";
import { connectGateway } from "../../../src/producer/index.ts";

describe("what a gateway answers", () => {
  test.each([
    ["a result", 200, '{"result":[null]}', undefined, ""],
    ["a refusal of Redis", 400, '{"error":"NOPERM this user has no permissions"}', "redis", "NOPERM"],
    ["a Redis that starts", 400, '{"error":"LOADING Redis is loading"}', "redis-unavailable", "LOADING"],
    ["a full memory", 400, '{"error":"OOM command not allowed"}', "redis-unavailable", "OOM"],
    ["a token that is not right", 401, '{"error":"Unauthorized"}', "redis", "token (401)"],
    ["a token without rights", 403, "", "redis", "token (403)"],
    ["too many requests", 429, '{"error":"ERR slow down"}', "redis-unavailable", "429"],
    ["a gateway without Redis", 503, '{"error":"ERR Redis is away"}', "redis-unavailable", "503"],
    ["a page of something else", 200, "<html>", "redis-unavailable", "answered 200"],
    ["JSON of something else", 200, '{"hello":1}', "redis-unavailable", "answered 200"],
    ["JSON that is no object", 200, "null", "redis-unavailable", "answered 200"],
    ["more than an answer may hold", 200, "x".repeat(4 * 1024 * 1024 + 1), "redis", "over"],
  ])("%s", async (_, status, body, code, words) => {
    const connecting = connectGateway({
      url: "https://gateway.test/base/",
      token: "secret",
      fetch: async () => new Response(body, { status }),
    });
    if (code === undefined) await connecting;
    else await expect(connecting).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  test("no answer at all is not waited for without end", async () => {
    const mute: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => {
        init!.signal!.addEventListener("abort", () => reject(new Error("aborted")));
      });
    const connecting = connectGateway({ url: "http://x", token: "t", fetch: mute, timeoutMs: 20 });
    await expect(connecting).rejects.toMatchObject({
      code: "redis-unavailable",
      message: expect.stringContaining("20 ms"),
    });
  });
});

test("a script goes as a command in the path with its arguments as the body", async () => {
  const requests: { url: string; init: RequestInit }[] = [];
  const gateway = await connectGateway({
    url: "https://gateway.test/base/",
    token: "secret",
    fetch: async (input, init) => {
      requests.push({ url: String(input), init: init! });
      return new Response('{"result":7}');
    },
  });
  expect(await gateway.runScript("return 7 -- a/b?c", ["k/1"], ["ä", Uint8Array.of(0, 255)])).toBe(7);
  const { url, init } = requests.at(-1)!;
  expect(url).toBe("https://gateway.test/base/eval/return%207%20--%20a%2Fb%3Fc/1/k%2F1/2%2C2");
  expect(init).toMatchObject({
    method: "POST",
    headers: { Authorization: "Bearer secret" },
    redirect: "manual",
  });
  expect([...(init.body as Uint8Array)]).toEqual([0xc3, 0xa4, 0, 255]);
});
