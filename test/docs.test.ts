import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readSettings } from "../src/worker/config.ts";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

/** Rows of the tables under a heading of docs/DESIGN.md, without their heads. */
function rowsOf(heading: string): string[][] {
  const [, section = ""] = read("docs/DESIGN.md").split(`\n## ${heading}\n`);
  const rows = section.split("\n## ")[0]!.match(/^\|.*\|$/gm) ?? [];
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

describe("the documents", () => {
  test("docs/DESIGN.md gives each limit the value that it has in the code", () => {
    const limits = rowsOf("Limits");
    expect(limits.length).toBeGreaterThan(50);
    const wrong = limits.filter(([file, name, value]) => {
      const declaration = `const ${name} = ${value?.slice(1, -1)};`;
      return !read(`src/${file}`).includes(declaration);
    });
    expect(wrong).toEqual([]);
  });

  test("docs/DESIGN.md names each dependency with its version", () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
    const named = rowsOf("Dependencies").flatMap(([names, version]) =>
      names!.split(", ").map((name) => [name, version]),
    );
    expect(Object.fromEntries(named)).toEqual({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    });
  });

  test("wrangler.toml and README.md name each setting, the former with what it is when left out", () => {
    const names = [...read("src/worker/config.ts").matchAll(/"((?:RTA|UPSTASH)_[A-Z_]+)"/g)].map(
      ([, name]) => name!,
    );
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !read("README.md").includes(`\`${name}\``))).toEqual([]);
    const configuration = read("wrangler.toml");
    const required = Object.fromEntries(
      [...configuration.matchAll(/"(UPSTASH_[A-Z_]+)"/g)].map(([, name]) => [name!, "http://redis.test"]),
    );
    const stated = Object.fromEntries(
      [...configuration.matchAll(/^# (RTA_[A-Z_]+) = "(.*)"$/gm)].map(([, name, value]) => [name!, value!]),
    );
    expect(Object.keys({ ...required, ...stated }).sort()).toEqual(names.sort());
    expect(readSettings({ ...required, ...stated })).toEqual(readSettings(required));
  });

  test("[Y-06] wrangler.toml keeps URLs, which name sessions and may hold tokens, out of logs", () => {
    const configuration = read("wrangler.toml");
    const [, observability = ""] = /^\[observability\]\n([\s\S]*?)\n# ----/m.exec(configuration) ?? [];
    const logs = /\n\[observability\.logs\]\n([^[]*)/.exec(observability)?.[1];
    const traces = /\n\[observability\.traces\]\n([^[]*)/.exec(observability)?.[1];
    expect(observability).toMatch(/^redact_query_string = true$/m);
    expect(logs).toMatch(/^invocation_logs = false$/m);
    expect(traces).toMatch(/^enabled = false$/m);
    // Inherited by other environments, unless they say otherwise.
    expect(configuration.match(/observability/g)).toHaveLength(3);
  });

  test.each(["README.md", "docs/SECURITY.md", "docs/DESIGN.md"])(
    "%s links to files that exist",
    (document) => {
      const links = [...read(document).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link!);
      const folder = new URL(`../${document}`, import.meta.url);
      expect(links.length).toBeGreaterThan(1);
      expect(links.filter((link) => !existsSync(new URL(link, folder)))).toEqual([]);
    },
  );
});
