import { describe, expect, test, vi } from "vitest";
import {
  createGateway,
  GatewayError,
  type GatewayErrorCode,
  type GatewayOptions,
} from "../../../src/redis/gateway.ts";

interface Sent {
  url: string;
  headers: Record<string, string>;
  redirect: RequestRedirect | undefined;
  body: unknown;
}

const TOKEN = "sekret-token";
const KEY = "sekret-key";

/** A gateway whose answers are given one by one; `sent` is what it was asked. */
function gateway(
  answers: (Response | (() => Response | Promise<Response>))[],
  options: Partial<GatewayOptions> = {},
) {
  const sent: Sent[] = [];
  const counts: number[] = [];
  const redis = createGateway({
    url: "https://gateway.test",
    token: TOKEN,
    onCommands: (count) => counts.push(count),
    fetch: async (url, init) => {
      sent.push({
        url: String(url),
        headers: init?.headers as Record<string, string>,
        redirect: init?.redirect,
        body: JSON.parse(String(init?.body)),
      });
      init?.signal?.throwIfAborted();
      const answer = answers.shift();
      return typeof answer === "function" ? answer() : answer!;
    },
    ...options,
  });
  return { redis, sent, counts };
}

const reply = (value: unknown, status = 200, headers = {}): Response =>
  new Response(typeof value === "string" ? value : JSON.stringify(value), { status, headers });

async function failure(answer: Parameters<typeof gateway>[0][number]): Promise<GatewayError> {
  const error = await gateway([answer])
    .redis.hget(KEY, "field")
    .catch((reason: unknown) => reason);
  if (!(error instanceof GatewayError)) throw new Error("no GatewayError", { cause: error });
  return error;
}

describe("requests", () => {
  test("carry the token, ask for base64 and keep arguments out of the address", async () => {
    const { redis, sent } = gateway([reply({ result: null })]);
    await redis.hget(KEY, "field");
    expect(sent).toEqual([
      {
        url: expect.stringMatching(/^https:\/\/gateway\.test\/?$/),
        headers: {
          Authorization: `Bearer ${TOKEN}`,
          "Content-Type": "application/json",
          "Upstash-Encoding": "base64",
          "Upstash-Sync-Token": "",
        },
        // Followed, it would hand the token to whoever it leads to.
        redirect: "manual",
        body: ["hget", KEY, "field"],
      },
    ]);
  });

  test.each(["https://gateway.test", "https://gateway.test/", "https://gateway.test//"])(
    "base %s: pipelines and transactions go to their paths",
    async (url) => {
      const { redis, sent } = gateway([reply([{ result: null }]), reply([{ result: null }])], { url });
      await redis.pipeline().get("a").exec();
      await redis.multi().get("a").exec();
      expect(sent.map((each) => each.url)).toEqual([
        "https://gateway.test/pipeline",
        "https://gateway.test/multi-exec",
      ]);
    },
  );

  test("are counted by commands", async () => {
    const { redis, counts } = gateway([
      reply({ result: null }),
      reply([{ result: null }, { result: null }]),
      reply([{ result: null }, { result: null }, { result: null }]),
    ]);
    await redis.get("a");
    await redis.pipeline().get("a").get("b").exec();
    await redis.multi().get("a").get("b").get("c").exec();
    expect(counts).toEqual([1, 2, 3]);
  });

  test("hand back the sync token of the last reply that had one", async () => {
    const { redis, sent } = gateway([
      reply({ result: null }, 200, { "Upstash-Sync-Token": "t1" }),
      reply({ result: null }),
      reply({ result: null }, 200, { "Upstash-Sync-Token": "t2" }),
      reply({ result: null }),
    ]);
    for (let i = 0; i < 4; i++) await redis.get("a");
    expect(sent.map(({ headers }) => headers["Upstash-Sync-Token"])).toEqual(["", "t1", "t1", "t2"]);
  });

  test("are sent once: when to try again is for the session to say", async () => {
    const { redis, sent } = gateway([reply("", 503), reply({ result: null })]);
    await expect(redis.get("a")).rejects.toThrow(GatewayError);
    expect(sent).toHaveLength(1);
  });
});

describe("replies", () => {
  test("[R-04] stay base64: nothing decodes bytes as text on the way", async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 256 }, (_, i) => i)).toString("base64");
    expect(await gateway([reply({ result: bytes })]).redis.get("a")).toBe(bytes);
    expect(await gateway([reply({ result: [bytes, null, 3] })]).redis.hmget("a", "b")).toEqual([
      bytes,
      null,
      3,
    ]);
    expect(
      await gateway([reply([{ result: "MTIz" }])])
        .redis.pipeline()
        .get("a")
        .exec(),
    ).toEqual(["MTIz"]);
  });

  test.each<[string, number, unknown, GatewayErrorCode]>([
    ["wrong token", 401, { error: "Unauthorized" }, "unauthorized"],
    ["forbidden", 403, "", "unauthorized"],
    ["too many requests", 429, { error: "ERR max requests limit exceeded" }, "overloaded"],
    ["redirect", 302, "", "http"],
    ["not found", 404, "not found", "http"],
    ["bad gateway", 502, "<html>", "http"],
    ["unavailable with an error text", 503, { error: "ERR no connection" }, "http"],
    ["400 that is no answer of Redis", 400, "<html>", "http"],
    ["error of Redis", 400, { error: `WRONGTYPE ${KEY}` }, "command"],
    ["error of Redis with 200", 200, { error: "NOSCRIPT x" }, "command"],
    ["reply limit of Upstash", 400, { error: "ERR max request size exceeded. Limit: 1 bytes" }, "too-large"],
    ["no JSON", 200, "{", "malformed"],
    ["empty body", 200, "", "malformed"],
    ["JSON of another shape", 200, { answer: 1 }, "malformed"],
    ["JSON null", 200, "null", "malformed"],
    ["JSON text", 200, '"OK"', "malformed"],
  ])("%s (%i)", async (_, status, body, code) => {
    const error = await failure(reply(body, status));
    expect(error.code).toBe(code);
  });

  test("of the other kind: one for many, many for one, and items that are none", async () => {
    const batches: unknown[] = [{ result: null }, [], [null], ["x"], [{}]];
    for (const value of batches) {
      const batch = gateway([reply(value)])
        .redis.multi()
        .get("a");
      await expect(batch.exec({ keepErrors: true })).rejects.toMatchObject({ code: "malformed" });
    }
    await expect(gateway([reply([{ result: null }])]).redis.get("a")).rejects.toMatchObject({
      code: "malformed",
    });
  });

  test("without a body", async () => {
    expect((await failure(new Response(null, { status: 204 }))).code).toBe("http");
    expect((await failure(new Response(null, { status: 200 }))).code).toBe("malformed");
  });

  test.each<[what: string, headers: Record<string, string>]>([
    ["of unknown length", {}],
    ["that announce more", { "Content-Length": `${13 * 1024 * 1024}` }],
    [
      "whose announced length is that of their compressed form",
      {
        "Content-Length": "1000",
        "Content-Encoding": "gzip",
      },
    ],
  ])("over 12 MiB are given up while they come: %s", async (_, headers) => {
    let pulled = 0;
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(chunk);
      },
    });
    expect((await failure(new Response(body, { headers }))).code).toBe("too-large");
    expect(pulled).toBeLessThan(16);
  });

  test("that announce their length are read", async () => {
    const text = '{"result":"\u00e9"}';
    const headers = { "Content-Length": `${new TextEncoder().encode(text).length}` };
    expect(await gateway([new Response(text, { headers })]).redis.get("a")).toBe("\u00e9");
  });

  test("may split a character over two chunks", async () => {
    const bytes = new TextEncoder().encode('{"result":"é"}');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect(await gateway([new Response(body)]).redis.get("a")).toBe("é");
  });
});

test("no timer outlasts a request: it would keep the session's object from hibernating", async () => {
  vi.useFakeTimers();
  try {
    const { redis } = gateway([
      reply({ result: null }),
      reply("", 502),
      () => Promise.reject(new TypeError()),
    ]);
    for (let i = 0; i < 3; i++) await redis.get("a").catch(() => null);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

describe("failures on the way", () => {
  test("no connection", async () => {
    const error = await failure(() => Promise.reject(new TypeError(`fetch failed: ${KEY} ${TOKEN}`)));
    expect(error.code).toBe("unreachable");
  });

  test("a connection that breaks within the reply", async () => {
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('{"result":'));
        controller.error(new TypeError("terminated"));
      },
    });
    expect((await failure(new Response(body))).code).toBe("unreachable");
  });

  test("no reply in time, and a reply that stops in its middle", async () => {
    const aborted = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const silent = createGateway({
      url: "http://gateway.test",
      token: TOKEN,
      timeoutMs: 1,
      fetch: (_, init) => aborted(init!.signal!),
    });
    await expect(silent.get(KEY)).rejects.toMatchObject({ code: "timeout" });
    const halting = createGateway({
      url: "http://gateway.test",
      token: TOKEN,
      timeoutMs: 1,
      fetch: async (_, init) =>
        new Response(
          new ReadableStream({
            start: async (controller) => {
              controller.enqueue(new TextEncoder().encode('{"result":'));
              await aborted(init!.signal!).catch((reason) => controller.error(reason));
            },
          }),
        ),
    });
    await expect(halting.get(KEY)).rejects.toMatchObject({ code: "timeout" });
  });
});

test("[U-03] no error says what was asked, what came, or the token", async () => {
  const answers = [
    ...[200, 302, 400, 401, 403, 404, 429, 500].flatMap((status) => [
      () => reply(`${KEY} ${TOKEN}`, status),
      () => reply({ error: `ERR wrong value '${KEY}', command was: ["hget","${KEY}"] ${TOKEN}` }, status),
      () => reply({ error: `${KEY} ${TOKEN}` }, status),
      () => reply({ error: `SEKRETKEYSEKRETKEYSEKRETKEY` }, status),
    ]),
    () => Promise.reject(new TypeError(`${KEY} ${TOKEN}`)),
  ];
  for (const answer of answers) {
    const error = await failure(answer);
    const shown = `${error.message} ${JSON.stringify(error)} ${String(error.cause)}`;
    expect(shown.toLowerCase()).not.toMatch(/sekret|field|hget/);
  }
});

test("an error within a pipeline is left to its reader", async () => {
  const { redis } = gateway([reply([{ result: "MQ==" }, { error: "WRONGTYPE x" }])]);
  expect(await redis.pipeline().get("a").get("b").exec({ keepErrors: true })).toMatchObject([
    { result: "MQ==" },
    { error: "WRONGTYPE x" },
  ]);
});
