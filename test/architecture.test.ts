import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Room {
  /** Rooms that it may import from, beside itself. */
  readonly rooms: readonly string[];
  /** Modules from outside of src, exact or as a prefix that ends in `:`. */
  readonly modules: readonly string[];
}

/** The arrows of the house. Rooms of one line of it see each other only through the room between them. */
const HOUSE: Readonly<Record<string, Room>> = {
  wire: { rooms: [], modules: ["protobufjs/minimal.js"] },
  redis: { rooms: ["wire"], modules: ["@upstash/redis/cloudflare"] },
  session: { rooms: ["wire", "redis"], modules: ["@upstash/redis/cloudflare"] },
  worker: {
    rooms: ["wire", "redis", "session"],
    modules: ["cloudflare:workers", "jose", "../../package.json"],
  },
  producer: { rooms: ["wire"], modules: ["@redis/client"] },
  client: { rooms: ["wire"], modules: [] },
  viewer: { rooms: ["client"], modules: [] },
  cli: {
    // Of redis: how to ask a gateway; where the service looks for a session, and how much it reads at once.
    rooms: ["producer", "client", "wire", "redis/gateway.ts", "redis/directory.ts", "redis/read-size.ts"],
    modules: [
      // The launcher of the command starts what is compiled, in the package.
      ...["node:", "../../dist/cli/slipstream/main.js"],
      ...["@redis/client", "@stricli/core", "csv-parse", "esbuild", "js-redis-server/core", "ws"],
    ],
  },
};
/** Rooms that are entry points of the package: others see of them what their users see. */
const PUBLIC_ROOMS = ["client", "producer"];

const MAX_LINES = 300;
const GENERATED = "src/wire/gen/";
/** Made by `npm run generate:env` and compared with what that gives by `npm run check`. */
const GENERATED_TYPES = "src/worker/worker-configuration.d.ts";

const filesOf = (pattern: string): string[] =>
  globSync(pattern, { cwd: ROOT }).map((path) => path.replaceAll("\\", "/"));
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const SOURCES = filesOf("src/**/*.{ts,js}").filter((path) => path !== GENERATED_TYPES);
const WRITTEN = SOURCES.filter((path) => !path.startsWith(GENERATED));

/** What a module imports or exports from elsewhere: static, for its effect, or dynamic. */
function importsOf(path: string): string[] {
  const code = withoutComments(read(path));
  const dynamic = [...code.matchAll(/\bimport\(\s*([^)]*)\)/g)].map(([, argument]) => {
    const specifier = /^"([^"]+)"\s*$/.exec(argument!)?.[1];
    if (specifier === undefined) throw new Error(`${path} imports what only a run can tell: ${argument}`);
    return specifier;
  });
  const fixed = [...code.matchAll(/^(?:import|export)\b(?:[^;"']*?\bfrom\s*)?\s*["']([^"']+)["']/gm)];
  return [...fixed.map(([, specifier]) => specifier!), ...dynamic];
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

const roomOf = (path: string): string => path.split("/")[1]!;

/** Why a module may not import what it does; null when it may. */
function objection(path: string, specifier: string): string | null {
  const room = HOUSE[roomOf(path)]!;
  const isAllowed = room.modules.some(
    (each) => specifier === each || (each.endsWith(":") && specifier.startsWith(each)),
  );
  if (isAllowed) return null;
  const complaint = `${path} imports ${specifier}`;
  if (!specifier.startsWith(".")) return complaint;
  const target = posix.join(dirname(path), specifier);
  if (!SOURCES.includes(target) && !SOURCES.includes(target.replace(/\.js$/, ".d.ts"))) return complaint;
  const inRoom = target.slice("src/".length);
  if (roomOf(target) === roomOf(path)) return null;
  if (!room.rooms.some((each) => inRoom === each || inRoom.startsWith(`${each}/`))) return complaint;
  const isPublic = PUBLIC_ROOMS.includes(roomOf(target));
  return isPublic && basename(target) !== "index.ts" ? `${complaint}, not its index.ts` : null;
}

describe("arrows", () => {
  test("every folder of src is a room of the house", () => {
    expect(new Set(SOURCES.map(roomOf))).toEqual(new Set(Object.keys(HOUSE)));
  });

  test.each(Object.keys(HOUSE))("%s imports what it may", (room) => {
    const files = SOURCES.filter((path) => roomOf(path) === room);
    const imports = files.flatMap((path) => importsOf(path).map((specifier) => objection(path, specifier)));
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((each) => each !== null)).toEqual([]);
  });

  test("no import escapes the reading of these tests", () => {
    for (const path of WRITTEN) {
      const code = withoutComments(read(path));
      const keywords = [...code.matchAll(/^import\b|^export\b[^;=()]*?\bfrom\b|\bimport\(|\brequire\(/gm)];
      expect([path, importsOf(path).length]).toEqual([path, keywords.length]);
    }
  });

  test("a forbidden import is seen, however it is written", () => {
    expect(objection("src/wire/lz4.ts", "../redis/reader.ts")).not.toBeNull();
    expect(objection("src/session/session.ts", "cloudflare:workers")).not.toBeNull();
    expect(objection("src/client/follow.ts", "node:fs")).not.toBeNull();
    expect(objection("src/viewer/plot/stack.ts", "../wire/lz4.ts")).not.toBeNull();
    expect(objection("src/cli/demo.ts", "../redis/reader.ts")).not.toBeNull();
    expect(objection("src/cli/demo.ts", "../client/link.ts")).not.toBeNull();
    expect(objection("src/wire/lz4.ts", "./none.ts")).not.toBeNull();
    expect(objection("src/cli/demo.ts", "../redis/gateway.ts")).toBeNull();
    expect(objection("src/cli/demo.ts", "node:fs")).toBeNull();
  });

  test("only the viewer touches the page", () => {
    const outside = WRITTEN.filter((path) => roomOf(path) !== "viewer");
    expect(
      outside.filter((path) => /\b(?:document|window)\s*[.[]/.test(withoutComments(read(path)))),
    ).toEqual([]);
  });
});

describe("files", () => {
  test(`none in src has more than ${MAX_LINES} lines`, () => {
    const lines = WRITTEN.map((path) => [path, read(path).trimEnd().split("\n").length] as const);
    expect(lines.filter(([, count]) => count > MAX_LINES)).toEqual([]);
  });

  test("have kebab-case names", () => {
    const names = filesOf("{src,test,bench,proto}/**/*.{ts,js,css,html}");
    expect(names.length).toBeGreaterThan(WRITTEN.length);
    const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.d)?\.(?:ts|js|css|html)$/;
    expect(names.filter((path) => !kebab.test(basename(path)))).toEqual([]);
  });

  test("have no default export but the Worker's", () => {
    const found = WRITTEN.filter((path) => /^export default\b/m.test(withoutComments(read(path))));
    expect(found).toEqual(["src/worker/index.ts"]);
  });

  test("hold no leftovers", () => {
    const mark = new RegExp(["TO", "DO|FIX", "ME|X", "XX"].join(""));
    expect(SOURCES.filter((path) => mark.test(read(path)))).toEqual([]);
  });
});

test("every dependency is pinned to one version", () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
  const all = Object.entries<string>({ ...dependencies, ...devDependencies, ...optionalDependencies });
  expect(all.length).toBeGreaterThan(0);
  expect(all.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test("the generated module is what the protocol definitions give", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-generate-"));
  try {
    cpSync(join(ROOT, "proto"), join(folder, "proto"), { recursive: true });
    mkdirSync(join(folder, GENERATED), { recursive: true });
    const PATH = [join(ROOT, "node_modules/.bin"), process.env.PATH].join(delimiter);
    const { scripts } = JSON.parse(read("package.json"));
    execFileSync("sh", ["-c", scripts.generate], { cwd: folder, env: { ...process.env, PATH } });
    for (const path of filesOf(`${GENERATED}*`)) {
      expect(readFileSync(join(folder, path), "utf8") === read(path)).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
