import { describe, expect, test } from "vitest";
import { ClockOffset, parseTime } from "../../../src/redis/clock.ts";
import { GatewayError, type Reply } from "../../../src/redis/gateway.ts";

const START_MS = 1_800_000_000_000;
const timeReply = (ms: number): Reply => [
  btoa(String(Math.floor(ms / 1000))),
  btoa(String(Math.round((ms % 1000) * 1000))),
];

/** A Redis whose clock is `aheadMs` ahead, and the way to it, in simulated time. */
class Far {
  nowMs = START_MS;
  asked = 0;
  aheadMs = 0;
  thereMs = 0;
  backMs = 0;
  fails: Error | null = null;
  readonly offset = new ClockOffset(
    async (commands) => {
      expect(commands).toEqual([["TIME"]]);
      this.asked++;
      this.nowMs += this.thereMs;
      const result = timeReply(this.nowMs + this.aheadMs);
      this.nowMs += this.backMs;
      if (this.fails) throw this.fails;
      return [{ result }];
    },
    () => this.nowMs,
  );
}

describe("[V-03] the clock of Redis", () => {
  test.each([3_600_000, -250, 0, 0.5])("that is %d ms ahead", async (aheadMs) => {
    const far = new Far();
    Object.assign(far, { aheadMs, thereMs: 20, backMs: 20 });
    expect(far.offset.ms).toBe(0);
    await far.offset.measure();
    expect(Math.abs(far.offset.ms - aheadMs)).toBeLessThanOrEqual(1);
  });

  test("is due once a minute, and the shortest way there counts", async () => {
    const far = new Far();
    for (const [thereMs, backMs] of [
      [400, 10],
      [3, 3],
      [10, 300],
    ]) {
      Object.assign(far, { aheadMs: 1000, thereMs, backMs });
      expect(far.offset.isDue).toBe(true);
      await far.offset.measure();
      expect(far.offset.isDue).toBe(false);
      far.nowMs += 60_000;
    }
    expect(far.asked).toBe(3);
    expect(Math.abs(far.offset.ms - 1000)).toBeLessThanOrEqual(1);
  });

  test("drifts: what was measured long ago no longer counts", async () => {
    const far = new Far();
    for (let i = 0; i < 6; i++) {
      Object.assign(far, { aheadMs: i === 0 ? 0 : 500, thereMs: i, backMs: i });
      await far.offset.measure();
      far.nowMs += 60_000;
    }
    expect(Math.abs(far.offset.ms - 500)).toBeLessThanOrEqual(1);
  });

  test("goes on as it was while it cannot be asked", async () => {
    const far = new Far();
    Object.assign(far, { aheadMs: 700 });
    await far.offset.measure();
    far.fails = new GatewayError("unreachable", "away");
    far.nowMs += 60_000;
    await far.offset.measure();
    expect([far.asked, Math.round(far.offset.ms)]).toEqual([2, 700]);
  });
});

test.each([[null], [[]], ["MTIzNA=="], [[btoa("soon"), btoa("0")]], [[btoa("1")]]])(
  "%j is no time",
  (reply) => {
    expect(() => parseTime(reply)).toThrow(GatewayError);
  },
);
