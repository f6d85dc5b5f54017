import type { PartResult } from "./main.ts";
import type { Part } from "./part.ts";

/** The process of one part: `run-part.ts NAME [--short]`; the figures go to the parent. */

const [name, form] = process.argv.slice(2);
const { title, run } = (await import(`./parts/${name}.ts`)) as Part;
const log = (line: string): void => console.error(`  ${name}: ${line}`);
const figures = await run({ short: form === "--short", log });
if (
  figures.length === 0 ||
  figures.some(({ values }) => !values.every(Number.isFinite) || values.length === 0)
) {
  throw new Error(`${name} has a figure without a number`);
}
process.send!({ title, figures } satisfies PartResult);
process.disconnect();
