import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { build } from "esbuild";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = join(PROJECT, "src/viewer");
const OUTPUT = join(PROJECT, "dist/assets");
/** The page loads over a pit wall's mobile link in about a second. */
const BUDGET_BYTES = 150 * 1024;
/** All of `slipstream/client`; who imports part of it gets less. */
const CLIENT_BUDGET_BYTES = 30 * 1024;
const NOTICE = "/*! Slipstream viewer, MIT. */";

/** Everything that is served, by path below `dist/assets`. */
async function viewerAssets(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: {
      viewer: join(SOURCE, "main.ts"),
      worker: join(SOURCE, "worker.ts"),
      style: join(SOURCE, "style.css"),
    },
    outdir: join(OUTPUT, "viewer"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    banner: { js: NOTICE },
    legalComments: "none",
    write: false,
    logLevel: "error",
  });
  return new Map([
    ["_headers", await readFile(join(SOURCE, "_headers"))],
    ["viewer/index.html", await readFile(join(SOURCE, "index.html"))],
    ...outputFiles.map(({ path, contents }) => [path.slice(OUTPUT.length + 1), contents] as const),
  ]);
}

/** Puts the files in place one by one, whole, and only where they differ: builds may run beside each other. */
async function install(assets: ReadonlyMap<string, Uint8Array>): Promise<void> {
  await mkdir(OUTPUT, { recursive: true });
  const staging = await mkdtemp(join(PROJECT, "dist/build-"));
  try {
    for (const [path, contents] of assets) {
      const target = join(OUTPUT, path);
      const present = await readFile(target).catch(() => null);
      if (present?.equals(contents)) continue;
      const staged = join(staging, path.replaceAll("/", "-"));
      await writeFile(staged, contents);
      await mkdir(dirname(target), { recursive: true });
      await rename(staged, target);
    }
  } finally {
    await rm(staging, { recursive: true });
  }
}

/** The client as a browser would load it, all of it. */
async function clientBundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(PROJECT, "src/client/index.ts")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]!.contents;
}

/** Prints what the files weigh; false when it is too much. */
async function fits(what: string, files: Iterable<Uint8Array>, budgetBytes: number): Promise<boolean> {
  const compressed = await Promise.all([...files].map((contents) => promisify(gzip)(contents)));
  const bytes = compressed.reduce((sum, { length }) => sum + length, 0);
  const size = `${what}: ${(bytes / 1024).toFixed(1)} KB gzipped, of ${budgetBytes / 1024} KB at most`;
  if (bytes <= budgetBytes) console.log(size);
  else console.error(`slipstream: too large: ${size}`);
  return bytes <= budgetBytes;
}

const assets = await viewerAssets();
const fit = [
  await fits("viewer page", assets.values(), BUDGET_BYTES),
  await fits("slipstream/client", [await clientBundle()], CLIENT_BUDGET_BYTES),
];
if (fit.includes(false)) process.exitCode = 1;
else await install(assets);
