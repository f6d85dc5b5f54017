import { describe, expect, test } from "vitest";
import { ReplayClock, speedFrom } from "../../../../src/cli/slipstream/replay-clock.ts";

const FIRST = "1000-3";
const NOW_MS = 50_000;

describe("a replay", () => {
  test("at its own pace keeps distances and sequence numbers, from now on", () => {
    const clock = new ReplayClock(FIRST, "900-0", 1, NOW_MS);
    expect(clock.rule).toBe("shifted");
    expect(["1000-3", "1000-4", "1101-0"].map((id) => clock.dueAfterMs(id))).toEqual([0, 0, 101]);
    expect(clock.idFor("1000-3", "900-0")).toBe("50000-3");
    expect(clock.idFor("1000-4", "50000-3")).toBe("50000-4");
    expect(clock.idFor("1101-0", "50000-4")).toBe("50101-0");
  });

  test("at another pace shrinks the distances, and ids still ascend", () => {
    const clock = new ReplayClock(FIRST, "0-0", 100, NOW_MS);
    expect(clock.dueAfterMs("1250-0")).toBe(2.5);
    expect(clock.idFor("1040-0", "50000-3")).toBe("50000-4");
    expect(clock.idFor("1250-0", "50000-4")).toBe("50003-0");
  });

  test("at full speed takes the recorded ids, if the stream has room for them", () => {
    const free = new ReplayClock(FIRST, "1000-2", "max", NOW_MS);
    expect([free.rule, free.dueAfterMs("99999-0"), free.idFor("1101-0", "1000-3")]).toEqual([
      "recorded",
      0,
      "1101-0",
    ]);
    const taken = new ReplayClock(FIRST, "1000-3", "max", NOW_MS);
    expect([taken.rule, taken.idFor(FIRST, "1000-3"), taken.idFor("1101-0", "50000-0")]).toEqual([
      "now",
      "50000-0",
      "50000-1",
    ]);
  });

  test("goes on behind what others wrote meanwhile", () => {
    expect(new ReplayClock(FIRST, "0-0", 1, NOW_MS).idFor(FIRST, "60000-7")).toBe("60000-8");
  });

  test("reads what a speed is", () => {
    expect(["1", "0.5", "1e3", "max"].map(speedFrom)).toEqual([1, 0.5, 1000, "max"]);
    for (const text of ["", " ", "0", "-1", "fast", "Infinity", "NaN"]) {
      expect(() => speedFrom(text)).toThrow("must be a number above 0, or max");
    }
  });
});
