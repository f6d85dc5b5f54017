import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What a page that writes this import would load: the code, and the files that it is from. */
async function bundled(statement: string): Promise<{ code: string; files: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: statement, resolveDir: ROOT, loader: "ts" },
    absWorkingDir: ROOT,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    metafile: true,
    write: false,
    outfile: "page.js",
  });
  const { inputs } = metafile.outputs["page.js"]!;
  const files = Object.entries(inputs).flatMap(([file, { bytesInOutput }]) =>
    bytesInOutput > 0 ? file : [],
  );
  return { code: outputFiles[0]!.text, files: files.filter((file) => file !== "<stdin>") };
}

describe("what a page loads of the client", () => {
  test("is the client and the wire room, without the protobuf library and the module made for it", async () => {
    const { files } = await bundled('export * from "./src/client/index.ts"');
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !/^src\/(?:client|wire)\/[\w-]+\.ts$/.test(file))).toEqual([]);
  });

  test("is what it uses: without a store for a session that keeps nothing, without a session for a store", async () => {
    const whole = await bundled('export * from "./src/client/index.ts"');
    const session = await bundled('export { follow } from "./src/client/index.ts"');
    const store = await bundled('export { createStore } from "./src/client/index.ts"');
    expect(session.files).not.toContain("src/client/store.ts");
    expect(store.files).not.toContain("src/client/follower.ts");
    expect(session.code.length).toBeLessThan(0.9 * whole.code.length);
    expect(store.code.length).toBeLessThan(0.4 * whole.code.length);
  });
});
