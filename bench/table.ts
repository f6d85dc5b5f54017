import { writeFileSync } from "node:fs";
import { cpus } from "node:os";

/** One line of the table: what was measured against what, in one run. */
export interface Figure {
  readonly name: string;
  /** What the ratio is held against; null for a figure that only informs. */
  readonly target: string | null;
  /** The measured values behind it, by name, with their units. */
  readonly values: Readonly<Record<string, number | readonly number[]>>;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Prints the table and writes it as JSON beside. */
export function report(figures: readonly Figure[], path: URL): void {
  const machine = `${cpus()[0]?.model ?? "unknown"} x ${cpus().length}, Node ${process.version}`;
  console.log(machine);
  for (const { name, target, values } of figures) {
    console.log(`\n${name}${target === null ? "" : `   (target: ${target})`}`);
    for (const [key, value] of Object.entries(values)) {
      console.log(
        `  ${key.padEnd(40)} ${[value]
          .flat()
          .map((each) => each.toFixed(2))
          .join("  ")}`,
      );
    }
  }
  writeFileSync(path, `${JSON.stringify({ machine, at: new Date().toISOString(), figures }, null, 2)}\n`);
}
