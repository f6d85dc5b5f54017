import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Gateway, startGateway } from "../../src/cli/gateway.ts";
import { type StartedRedis, startRedis } from "../../src/cli/redis.ts";
import { connectRedis } from "../../src/producer/index.ts";
import { InstalledPackage, nodes } from "./installed-package.ts";
import { startChromium } from "./viewer-page.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const NODES = nodes();

let installed: InstalledPackage;
let redis: StartedRedis;
let gateway: Gateway;

beforeAll(async () => {
  installed = await InstalledPackage.install();
  redis = await startRedis({ log: () => {} });
  gateway = await startGateway({ redisUrl: redis.url, port: 0, token: "t", log: () => {} });
});
afterAll(async () => {
  await gateway?.stop();
  await redis?.stop();
  installed?.remove();
});

describe("[K-01] what is in the package", () => {
  test("compiled modules with their types, the launcher of the command, and three files", () => {
    const others = installed.contents.filter((path) => !/^dist\/.*\.(?:js|d\.ts)$/.test(path));
    expect(others.toSorted()).toEqual(["LICENSE", "README.md", "package.json", "src/cli/slipstream.js"]);
    const modules = installed.contents.filter((path) => path.startsWith("dist/") && path.endsWith(".js"));
    const types = installed.contents.filter((path) => path.endsWith(".d.ts"));
    expect(types.map((path) => path.replace(/\.d\.ts$/, ".js")).toSorted()).toEqual(modules.toSorted());
    expect(new Set(modules.map((path) => path.split("/")[1]))).toEqual(
      new Set(["cli", "client", "producer", "redis", "wire"]),
    );
  });

  test("a plain npm pack of the checkout holds the same files", async () => {
    const { stdout } = await installed.run("npm", ["pack", "--dry-run", "--json", PROJECT]);
    const [{ files }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [{ files: { path: string }[] }];
    expect(files.map(({ path }) => path).toSorted()).toEqual([...installed.contents].toSorted());
  });

  test("it needs what it imports and nothing else", () => {
    const imported = new Set<string>();
    for (const path of installed.contents.filter((each) => each.endsWith(".js"))) {
      const code = readFileSync(join(installed.folder, "node_modules/slipstream", path), "utf8");
      for (const [, fixed, dynamic] of code.matchAll(
        /^(?:import|export)\b[^;"]*?\bfrom "([^."][^"]*)"|\bimport\("([^."][^"]*)"\)/gm,
      )) {
        const specifier = fixed ?? dynamic!;
        if (specifier.startsWith("node:") || builtinModules.includes(specifier)) continue;
        imported.add(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0]);
      }
    }
    const manifest = JSON.parse(
      readFileSync(join(installed.folder, "node_modules/slipstream/package.json"), "utf8"),
    ) as Record<string, object>;
    expect(imported).toEqual(new Set(Object.keys(manifest.dependencies!)));
    for (const member of ["scripts", "devDependencies", "optionalDependencies", "private"]) {
      expect(manifest).not.toHaveProperty(member);
    }
  });
});

describe.each(NODES)("[K-02] on %s", (node) => {
  test("the entry points work under node --test", async () => {
    installed.write("use.test.js", USE_TEST);
    const { stdout } = await installed.run(node, ["--test", "use.test.js"], { NODE_OPTIONS: "" });
    expect(stdout).toMatch(/pass 2\b/);
    expect(stdout).toMatch(/fail 0\b/);
  });

  test("the command says its version without a warning, and reads what Redis knows", async () => {
    const bin = join(installed.folder, "node_modules/slipstream/src/cli/slipstream.js");
    const { version } = JSON.parse(readFileSync(join(PROJECT, "package.json"), "utf8")) as {
      version: string;
    };
    const ran = await installed.run(node, [bin, "--version"]);
    expect([ran.stdout.trim(), ran.stderr]).toEqual([version, ""]);
    await installed.run(node, [bin, "sessions", "--json", "--redis", redis.url]);
    const tail = installed.run(node, [bin, "tail", "x", "--url", "http://127.0.0.1:1"]);
    await expect(tail).rejects.toThrow("cannot be reached");
  });

  test.each(readmeExamples())("[K-03] the README's example works: %s", async (name, code) => {
    const connection = await connectRedis(redis.url);
    try {
      await connection.flushAll();
      installed.write(`${name}.js`, code);
      const env = { REDIS_URL: redis.url, GATEWAY_URL: gateway.url, GATEWAY_TOKEN: "t" };
      const { stderr } = await installed.run(node, [`${name}.js`], env);
      expect(stderr).toBe("");
      const keys = await connection.keys("sessions:*");
      expect(keys).toHaveLength(1);
      const entry = await connection.hGetAll(keys[0]!);
      expect(entry.json).toContain('"state":"closed"');
      expect(entry.tEnd).toMatch(/^\d+$/);
    } finally {
      connection.destroy();
    }
  });
});

test("the bin is linked", async () => {
  const { stdout } = await installed.run(join(installed.folder, "node_modules/.bin/slipstream"), ["--help"]);
  expect(stdout).toContain("slipstream");
});

describe("[K-04] in a bundle", () => {
  test.each(["browser", "workerd"])("for a %s it needs nothing of Node, and runs", async (condition) => {
    const source = `
      import { connectGateway, openSession, timeRangeItem } from "slipstream/producer";
      import { follow } from "slipstream/client";
      globalThis.done = (async () => {
        const redis = await connectGateway({ url: "${gateway.url}", token: "t" });
        const session = await openSession({ redis, identity: "in a ${condition}", streamName: "bundle" });
        await session.writeSessionJson('{"state":"open"}');
        await session.write(timeRangeItem(1n, 2n));
        await session.close();
        return typeof follow;
      })();`;
    const code = await bundle(source, condition);
    expect(code).not.toMatch(/["']node:|require\(/);
    const { fetch, URL, TextEncoder, TextDecoder, AbortController, crypto, performance } = globalThis;
    const web = { fetch, URL, TextEncoder, TextDecoder, AbortController, crypto, performance };
    const globals = {
      ...web,
      setTimeout,
      clearTimeout,
      queueMicrotask,
      BigInt64Array,
      Uint8Array,
      Uint32Array,
    };
    const context = { ...globals, done: undefined as Promise<string> | undefined };
    runInNewContext(code, context);
    expect(await context.done).toBe("function");
    const connection = await connectRedis(redis.url);
    try {
      const entry = await connection.hGetAll(`sessions:in a ${condition}`);
      expect(entry).toMatchObject({ tStart: "1", tEnd: "2" });
    } finally {
      connection.destroy();
    }
  });

  test("in Chromium it writes a session through a gateway that its own origin reaches", async () => {
    const code = await bundle(`
      import { BatchWriter, connectGateway, openSession } from "slipstream/producer";
      globalThis.write = async () => {
        const redis = await connectGateway({ url: location.origin + "/redis", token: "t" });
        const session = await openSession({ redis, identity: "in Chromium", streamName: "bundle" });
        await session.writeSessionJson('{"state":"open"}');
        const channels = [{ id: 1, type: "f64", source: "timestamped" }];
        const batch = new BatchWriter(session, { channels });
        batch.append(1, BigInt64Array.of(5n, 9n), Float64Array.of(0.1, -7));
        await batch.close();
      };`);
    const browser = await startChromium();
    try {
      const page = await browser.newPage();
      await page.route("http://page.test/**", async (route) => {
        const request = route.request();
        const { pathname } = new URL(request.url());
        if (!pathname.startsWith("/redis/")) return route.fulfill({ contentType: "text/html", body: "<p>" });
        const response = await fetch(gateway.url + pathname.slice("/redis".length), {
          method: request.method(),
          headers: { authorization: request.headers().authorization ?? "" },
          body: new Uint8Array(request.postDataBuffer() ?? []),
        });
        await route.fulfill({ status: response.status, body: await response.text() });
      });
      await page.goto("http://page.test/");
      await page.addScriptTag({ content: code });
      await page.evaluate("write()");
    } finally {
      await browser.close();
    }
    const connection = await connectRedis(redis.url);
    try {
      const entry = await connection.hGetAll("sessions:in Chromium");
      expect(entry).toMatchObject({ tStart: "5", tEnd: "9", json: expect.stringContaining('"closed"') });
    } finally {
      connection.destroy();
    }
  });

  test("what is not used is left out", async () => {
    const all = await bundle('export * from "slipstream/producer"; export * from "slipstream/client";');
    const items = await bundle('export { timeRangeItem } from "slipstream/producer";');
    expect(all).toContain("lastWrite");
    expect(items).not.toContain("lastWrite");
    expect(items.length).toBeLessThan(all.length / 10);
  });

  async function bundle(contents: string, condition = "browser"): Promise<string> {
    const { outputFiles } = await build({
      stdin: { contents, resolveDir: installed.folder },
      conditions: [condition],
      bundle: true,
      minify: true,
      platform: condition === "browser" ? "browser" : "neutral",
      format: "iife",
      write: false,
      logLevel: "silent",
    });
    return outputFiles[0]!.text;
  }
});

describe("[K-05] the packed types", () => {
  const tsc = join(PROJECT, "node_modules/.bin/tsc");
  const common = [
    "--ignoreConfig",
    "--noEmit",
    "--strict",
    "--exactOptionalPropertyTypes",
    "--target",
    "es2022",
  ];

  test.each([
    ["nodenext", ["--module", "nodenext"]],
    ["a bundler", ["--module", "esnext", "--moduleResolution", "bundler"]],
  ])("say what is right and what is wrong, to %s", async (_, mode) => {
    installed.write("types.ts", TYPES);
    const types = ["--types", "node", "--typeRoots", join(PROJECT, "node_modules/@types")];
    await installed.run(tsc, [...common, ...mode, ...types, "types.ts"]);
  });

  test("need no types of Node in a browser", async () => {
    installed.write("browser.ts", BROWSER_TYPES);
    const mode = ["--module", "esnext", "--moduleResolution", "bundler", "--customConditions", "browser"];
    await installed.run(tsc, [
      ...common,
      ...mode,
      "--types",
      "",
      "--lib",
      "es2023,esnext.disposable,dom",
      "browser.ts",
    ]);
  });
});

const USE_TEST = `
import assert from "node:assert/strict";
import { test } from "node:test";

const SESSION = { identity: "s", state: "open", timestamp: "2026-11-23T09:00:00Z", identifier: "S" };

test("producer", async () => {
  const { encodeItems, openSession, periodicItem, ProducerError, sessionJson } = await import("slipstream/producer");
  const item = periodicItem({ channel: 7, startNs: 0n, intervalNs: 1n, samples: Uint16Array.of(1, 2) });
  assert.equal(encodeItems([item, item]).length, 2 * item.length);
  assert.match(sessionJson({ ...SESSION, n: 1795424400000000123n }), /1795424400000000123/);
  await assert.rejects(openSession({ redis: { runScript: async () => null }, identity: "", streamName: "x" }), ProducerError);
});

test("client", async () => {
  const { follow } = await import("slipstream/client");
  assert.equal(typeof follow, "function");
});
`;

const TYPES = `
import { follow } from "slipstream/client";
import { BatchWriter, type ChannelDefinition, connectGateway, connectRedis, openSession, type ProducerErrorCode } from "slipstream/producer";

const channels: ChannelDefinition[] = [{ id: 1, type: "u16", source: "periodic", intervalNs: 1_000_000n }];
for (const redis of [await connectRedis("redis://localhost"), await connectGateway({ url: "https://x", token: "t" })]) {
  const session = await openSession({ redis, identity: "s", streamName: "line" });
  const batch = new BatchWriter(session, { channels, whenFull: "drop-oldest" });
  const hasRoom: boolean = batch.append(1, BigInt64Array.of(1n), new Float32Array(1));
  await batch.close(hasRoom ? "truncated" : "closed");
}
const code: ProducerErrorCode = "buffer-full";
export { code, follow };

// @ts-expect-error a session needs its stream
await openSession({ redis: await connectRedis("redis://localhost"), identity: "s" });
// @ts-expect-error no such type of samples
channels.push({ id: 1, type: "u7", source: "row" });
// @ts-expect-error times are nanoseconds, in 64 bits
new BatchWriter(null as never, { channels }).append(1, [1], [1]);
// @ts-expect-error no such code
export const wrong: ProducerErrorCode = "buffer-empty";
`;

const BROWSER_TYPES = `
import { follow } from "slipstream/client";
import { connectGateway, openSession } from "slipstream/producer";
// @ts-expect-error there is no TCP in a browser
import { connectRedis } from "slipstream/producer";

export const session = await openSession({
  redis: await connectGateway({ url: "https://x", token: "t" }),
  identity: "s",
  streamName: "line",
});
export { follow, connectRedis };
`;

/** The programs under the README's heading of the producer, by the name of their import. */
function readmeExamples(): [name: string, code: string][] {
  const readme = readFileSync(join(PROJECT, "README.md"), "utf8");
  const section = readme.split("\n### Write a session\n")[1]!.split(/\n##+ /)[0]!;
  const blocks = [...section.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
  expect(blocks).toHaveLength(2);
  return blocks.map((code, index) => [`example-${index + 1}`, code]);
}
