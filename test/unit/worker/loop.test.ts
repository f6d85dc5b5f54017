import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Wake } from "../../../src/session/ports.ts";
import { Loop } from "../../../src/worker/loop.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A loop that wants so many steps, of 50 ms each. */
function loopOf(polls: number): Loop {
  let left = polls;
  return new Loop({
    nextWake: (): Wake => (left > 0 ? { kind: "poll", atMs: Date.now() } : { kind: "never" }),
    step: async () => {
      left--;
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
  });
}

test("counts the time that it runs, so far and altogether, and none of what is between", async () => {
  const loop = loopOf(3);
  expect(loop.ranMs).toBe(0);
  loop.kick();
  await vi.advanceTimersByTimeAsync(70);
  expect(loop.ranMs).toBe(70);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(loop.ranMs).toBe(150);
  const checked = loop.check();
  await vi.advanceTimersByTimeAsync(1_000);
  await checked;
  expect(loop.ranMs).toBe(200);
});
