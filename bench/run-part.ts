import type { PartResult } from "./main.ts";
import type { Part } from "./part.ts";

/** The process of one part: `run-part.ts NAME [--short]`; the figures go to the parent. */

// Whatever a part has started ends with it when it exits; a signal, or a parent that is gone, must come to that.
const end = (): void => process.exit(1);
for (const cause of ["SIGINT", "SIGTERM", "disconnect"]) process.once(cause, end);

const [name, form] = process.argv.slice(2);
const { title, run } = (await import(`./parts/${name}.ts`)) as Part;
const log = (line: string): void => console.error(`  ${name}: ${line}`);
const figures = await run({ short: form === "--short", log });
const broken = figures.find(({ values }) => values.length === 0 || !values.every(Number.isFinite));
if (figures.length === 0 || broken) {
  throw new Error(`${name} has a figure without a number: ${broken?.name} ${broken?.values.join()}`);
}
process.send!({ title, figures } satisfies PartResult);
process.off("disconnect", end);
process.disconnect();
