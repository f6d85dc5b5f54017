import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { type Figure, median } from "./part.ts";
import { workerdBinary } from "./stage/workerd.ts";

/** What the figures were measured on: a ratio holds for more machines than one, a time for this one. */
export function describeMachine(): Record<string, string> {
  const versionOf = (name: string): string =>
    JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8"))
      .version;
  return {
    cpu: `${cpus()[0]?.model ?? "unknown"} x ${cpus().length}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `Linux ${release()}`,
    node: process.version,
    workerd: execFileSync(workerdBinary(), ["--version"], { encoding: "utf8" }).trim(),
    ...Object.fromEntries(["protobufjs", "ws", "@redis/client"].map((name) => [name, versionOf(name)])),
  };
}

/** The rows of one part. */
export function renderFigures(title: string, figures: readonly Figure[]): string {
  return [`\n${title}`, ...figures.flatMap(renderFigure)].join("\n");
}

function renderFigure({ name, unit, values, target, beside = {} }: Figure): string[] {
  const middle = median(values);
  const spread =
    values.length > 1 ? `  (${short(Math.min(...values))} to ${short(Math.max(...values))})` : "";
  return [
    `  ${name.padEnd(70)} ${short(middle)} ${unit}${spread}${target ? `  ${verdict(middle, target)}` : ""}`,
    ...Object.entries(beside).map(([key, value]) => `      ${key.padEnd(66)} ${short(value)}`),
  ];
}

function verdict(value: number, target: NonNullable<Figure["target"]>): string {
  const [words, met] =
    "atMost" in target
      ? [`at most ${target.atMost}`, value <= target.atMost]
      : [`at least ${target.atLeast}`, value >= target.atLeast];
  return `[${words}: ${met ? "met" : "missed"}]`;
}

/** Three digits that count. */
function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}
