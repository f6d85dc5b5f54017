import { describe, expect, test } from "vitest";
import { LeadingEdge } from "../../../../src/viewer/time/leading-edge.ts";

const FRAME_MS = 20;
const MS = 1e6;
const S = 1e9;

/** Bursts every `everyMs` that hold samples up to `lagMs` before; returns the edge at each frame, in seconds. */
function run(edge: LeadingEdge, fromMs: number, toMs: number, everyMs = 100, lagMs = 80): number[] {
  const edges: number[] = [];
  for (let ms = fromMs; ms < toMs; ms += FRAME_MS) {
    if (ms % everyMs === 0) edge.arrived((ms - lagMs) * MS, ms * MS);
    edges.push(edge.at(ms * MS) / S);
  }
  return edges;
}

const steps = (edges: number[]) => edges.slice(1).map((at, index) => at - (edges[index] as number));

describe("the leading edge", () => {
  test("is nowhere before the first sample", () => {
    expect(new LeadingEdge().at(0)).toBeNaN();
  });

  test("moves evenly though data comes in bursts, and never beyond the newest sample", () => {
    const edge = new LeadingEdge();
    run(edge, 0, 5_000);
    const edges = run(edge, 5_000, 8_000);
    for (const step of steps(edges)) expect(step).toBeCloseTo(FRAME_MS / 1000, 5);
    expect(8 - edges.at(-1)!).toBeLessThan(0.25);
  });

  test("stands at the newest sample when data stops", () => {
    const edge = new LeadingEdge();
    run(edge, 0, 3_000);
    expect(edge.at(60 * S) / S).toBeCloseTo(2.82, 5);
  });

  test("is back at the live edge soon after a pause", () => {
    const edge = new LeadingEdge();
    run(edge, 0, 3_000);
    const edges = run(edge, 20_000, 21_000);
    expect(21 - edges.at(-1)!).toBeLessThan(0.3);
    for (const step of steps(edges)) expect(step).toBeGreaterThanOrEqual(0);
  });

  test("does not linger in the past when backfill comes before live data", () => {
    const edge = new LeadingEdge();
    for (let behind = 300; behind > 2; behind--) edge.arrived(-behind * S, 0);
    const edges = run(edge, 0, 500);
    expect(0.5 - edges.at(-1)!).toBeLessThan(0.3);
  });

  test("old samples do not move it", () => {
    const edge = new LeadingEdge();
    run(edge, 0, 1_000);
    const before = edge.at(S);
    edge.arrived(-100 * S, S);
    expect(edge.at(S)).toBe(before);
  });

  test("does not care how wrong this device's clock is", () => {
    const edge = new LeadingEdge();
    run(edge, 0, 3_000, 100, -3_600_000);
    const edges = run(edge, 3_000, 4_000, 100, -3_600_000);
    for (const step of steps(edges)) expect(step).toBeCloseTo(FRAME_MS / 1000, 5);
  });

  test("held back on purpose, it goes on when data has stopped, as far as the newest sample", () => {
    const edge = new LeadingEdge();
    run(edge, 0, 10_000);
    const heldBack = 5 * S;
    expect((edge.at(10 * S) - edge.at(10 * S, heldBack)) / S).toBeCloseTo(5, 5);
    expect(edge.at(12 * S, heldBack) / S).toBeCloseTo(7 - 0.18, 1);
    expect(edge.at(60 * S, heldBack)).toBe(edge.newest);
  });
});
