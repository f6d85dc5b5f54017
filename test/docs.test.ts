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
    const example = [...read(".dev.vars.example").matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name!);
    expect(example.sort()).toEqual(Object.keys(required).sort());
    const stated = Object.fromEntries(
      [...configuration.matchAll(/^# (RTA_[A-Z_]+) = "(.*)"$/gm)].map(([, name, value]) => [name!, value!]),
    );
    expect(Object.keys({ ...required, ...stated }).sort()).toEqual(names.sort());
    expect(readSettings({ ...required, ...stated })).toEqual(readSettings(required));
  });

  test.each(["README.md", "docs/DEPLOY.md", "docs/GATEWAY.md", "docs/SECURITY.md"])(
    "%s gives commands that there are",
    (document) => {
      const { scripts, bin } = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
      const named = [...read(document).matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!);
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !(name in scripts!))).toEqual([]);
      const programs = [...read(document).matchAll(/npx ([a-z-]+)/g)].map(([, name]) => name!);
      expect(programs.filter((name) => !existsSync(`node_modules/.bin/${name}`) && !(name in bin!))).toEqual(
        [],
      );
    },
  );

  test("headings that docs/DEPLOY.md links to within itself are there", () => {
    const text = read("docs/DEPLOY.md");
    const anchor = (title: string) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-");
    const anchors = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => anchor(title!));
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
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

  test.each(["README.md", "docs/DEPLOY.md", "docs/SECURITY.md", "docs/DESIGN.md"])(
    "%s links to files that exist",
    (document) => {
      const links = [...read(document).matchAll(/\]\(([^)#:]+)\)/g)].map(([, link]) => link!);
      const folder = new URL(`../${document}`, import.meta.url);
      expect(links.length).toBeGreaterThan(1);
      expect(links.filter((link) => !existsSync(new URL(link, folder)))).toEqual([]);
    },
  );
});
