import { expect } from "vitest";
import type { SdkCase } from "./sdk-commands.ts";

const message = (error: Error) => error.message;

/** A library with a function that answers its argument. */
const LIBRARY = [
  "#!lua name=slipstream",
  "redis.register_function{function_name='tell', callback=function(keys, args) return args[1] end,",
  "  flags={'no-writes'}}",
].join("\n");

export const BATCH_CASES: readonly SdkCase[] = [
  [
    "eval",
    (r, k) => r.eval("return {KEYS[1] == ARGV[1], ARGV[2], 7, false}", [k()], [k(), "text"]),
    [1, "text", 7, null],
  ],
  ["eval of a status", (r) => r.eval("return redis.status_reply('FINE')", [], []), "FINE"],
  [
    "eval of an error",
    (r) => r.eval("return redis.error_reply('BAD luck')", [], []).catch(message),
    expect.stringMatching(/BAD luck/),
  ],
  [
    "evalRo",
    (r, k) => r.set(k(), { a: 1 }).then(() => r.evalRo("return redis.call('get', KEYS[1])", [k()], [])),
    { a: 1 },
  ],
  [
    "evalRo that writes",
    (r, k) => r.evalRo("return redis.call('set', KEYS[1], 1)", [k()], []).catch(message),
    expect.stringMatching(/Write commands are not allowed/),
  ],
  [
    "scriptLoad and evalsha",
    async (r) => r.evalsha(await r.scriptLoad("return tonumber(ARGV[1]) * 2"), [], ["21"]),
    42,
  ],
  ["evalshaRo", async (r) => r.evalshaRo(await r.scriptLoad("return ARGV[1]"), [], ["x"]), "x"],
  [
    "evalsha of an unknown script",
    (r) => r.evalsha("0".repeat(40), [], []).catch(message),
    expect.stringMatching(/NOSCRIPT/),
  ],
  ["scriptExists", async (r) => r.scriptExists(await r.scriptLoad("return 1"), "0".repeat(40)), [1, 0]],
  ["createScript", (r) => r.createScript<number>("return 6 * 7").exec([], []), 42],
  [
    "scriptFlush",
    async (r) => {
      const sha = await r.scriptLoad("return 'flushed'");
      await r.scriptFlush({ async: true });
      return r.scriptExists(sha);
    },
    [0],
  ],
  [
    "functions.load, list, call and callRo",
    async (r, k) => {
      await r.functions.load({ code: LIBRARY, replace: true });
      const [library] = await r.functions.list({ libraryName: "slipstream" });
      const called = await r.functions.call("tell", [k()], ["x"]);
      return [library?.libraryName, called, await r.functions.callRo("tell", [k()], ["y"])];
    },
    ["slipstream", "x", "y"],
  ],
  [
    "functions.stats, delete and flush",
    async (r) => {
      await r.functions.load({ code: LIBRARY, replace: true });
      const { engines } = await r.functions.stats();
      const replies = [engines.LUA?.librariesCount, await r.functions.delete("slipstream")];
      return [...replies, await r.functions.flush(), await r.functions.list()];
    },
    [1, "OK", "OK", []],
  ],
  ["exec of any command", (r, k) => r.exec(["SET", k(), 1]), "OK"],
  [
    "exec of an unknown command",
    (r) => r.exec(["NOSUCHCOMMAND"]).catch(message),
    expect.stringMatching(/^ERR unknown command/),
  ],

  [
    "a pipeline",
    (r, k) => r.pipeline().set(k(), { a: 1 }).get(k()).incr(k("n")).get(k("none")).exec(),
    ["OK", { a: 1 }, 1, null],
  ],
  [
    "a pipeline of reads and transforms",
    (r, k) => r.pipeline().hset(k(), { a: 1 }).hgetall(k()).hmget(k(), "a", "b").exec(),
    [1, { a: 1 }, { a: 1, b: null }],
  ],
  [
    "a pipeline with an error throws",
    (r, k) => r.pipeline().set(k(), "x").incr(k()).exec().catch(message),
    expect.stringMatching(/not an integer/),
  ],
  [
    "a pipeline that keeps errors",
    (r, k) => r.pipeline().set(k(), "x").incr(k()).exec({ keepErrors: true }),
    [{ result: "OK" }, { result: undefined, error: expect.stringMatching(/not an integer/) }],
  ],
  [
    "a pipeline of many",
    async (r, k) => {
      const pipeline = r.pipeline();
      for (let n = 0; n < 500; n++) pipeline.incr(k());
      return (await pipeline.exec()).at(-1);
    },
    500,
  ],
  ["a transaction", (r, k) => r.multi().set(k(), "a").append(k(), "b").get(k()).exec(), ["OK", 2, "ab"]],
  [
    "a transaction on streams",
    (r, k) => r.multi().xadd(k(), "1-0", { n: 1 }).xrange(k(), "-", "+").xlen(k()).exec(),
    ["1-0", { "1-0": { n: 1 } }, 1],
  ],
  [
    "a transaction with an error inside",
    (r, k) => r.multi().set(k(), "x").incr(k()).exec().catch(message),
    expect.stringMatching(/not an integer/),
  ],

  [
    "auto-pipelining: calls of one turn",
    (r, k) => Promise.all([r.set(k(), 1), r.incr(k()), r.incr(k("b"))]),
    ["OK", 2, 1],
  ],
  [
    "auto-pipelining: reads beside writes",
    async (r, k) => {
      await r.mset({ [k("a")]: "a", [k("b")]: [1] });
      return Promise.all([r.get(k("a")), r.incr(k()), r.get(k("b")), r.hgetall(k("none"))]);
    },
    ["a", 1, [1], null],
  ],
  [
    "auto-pipelining: an error is its call's own",
    (r, k) => Promise.all([r.set(k(), "x"), r.incr(k()).catch(message), r.strlen(k("none"))]),
    ["OK", expect.stringMatching(/not an integer/), 0],
  ],
  [
    "a value of 1 MiB",
    async (r, k) => {
      await r.set(k(), "x".repeat(1024 * 1024));
      return (await r.get<string>(k()))?.length;
    },
    1024 * 1024,
  ],
  [
    "any text of Unicode",
    async (r, k) => {
      const text = '\u0000\t\r\n"\\/ äöü €  𝄞 \u{10ffff}';
      await r.set(k(), text);
      return (await r.get(k())) === text;
    },
    true,
  ],
];
