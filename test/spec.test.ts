import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Ids of rules by the test file, below `test/`, whose titles begin with them. */
function citations(): Map<string, Set<string>> {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  return new Map(
    files
      .filter((file) => file.endsWith(".test.ts"))
      .map((file) => {
        const source = readFileSync(`${import.meta.dirname}/${file}`, "utf8");
        const heads = source.matchAll(/["'`]((?:\[[A-Z]-\d{2}\] )+)/g);
        return [file, new Set([...heads].flatMap(([head]) => head.match(/[A-Z]-\d{2}/g)!))];
      }),
  );
}

interface Rule {
  readonly id: string;
  /** Test files that are said to prove it. */
  readonly proof: readonly string[];
}

function rules(): Rule[] {
  const read = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), "utf8");
  const spec = read("SPEC.md") + read("SECURITY.md");
  return [...spec.matchAll(/^- \*\*\[([A-Z]-\d{2})\]\*\* (.+(?:\n {2}.+)*)/gm)].map(([, id, text]) => ({
    id: id!,
    proof: [...text!.matchAll(/`([\w/-]+\.test\.ts)`/g)].map(([, file]) => file!),
  }));
}

describe("docs/SPEC.md, with docs/SECURITY.md,", () => {
  const cited = citations();

  test("has each rule once", () => {
    const ids = rules().map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(80);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test("names a test for each rule, and each test named cites it", () => {
    const unproven = rules().flatMap(({ id, proof }) => {
      const silent = proof.filter((file) => !cited.get(file)?.has(id));
      return proof.length === 0 ? `${id}: no test` : silent.map((file) => `${id}: not in ${file}`);
    });
    expect(unproven).toEqual([]);
  });

  test("has a rule for each id that a test cites", () => {
    const known = new Set(rules().map(({ id }) => id));
    const unknown = [...cited].flatMap(([file, ids]) =>
      [...ids].filter((id) => !known.has(id)).map((id) => `${id} in ${file}`),
    );
    expect(unknown).toEqual([]);
  });
});
