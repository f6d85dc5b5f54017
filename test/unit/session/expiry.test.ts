import { describe, expect, test } from "vitest";
import { SessionDriver } from "../../fakes/session-driver.ts";

const EXPIRED = { code: 1008, reason: "token expired" };

describe("[U-02] the expiry of a token", () => {
  test("closes its viewer in time, and no other", async () => {
    const driver = new SessionDriver();
    driver.open();
    const [leaving, staying] = [driver.connect(driver.nowMs + 30_000), driver.connect()];
    await driver.run(29_999);
    expect([leaving.closed, leaving.messages.length > 0]).toEqual([null, true]);
    await driver.run(10);
    expect([leaving.closed, staying.closed]).toEqual([EXPIRED, null]);
    await driver.run(60_000);
    expect([leaving.late, staying.closed]).toEqual([0, null]);
  });

  test("that has passed already lets nobody in", async () => {
    const driver = new SessionDriver();
    driver.open();
    const late = driver.connect(driver.nowMs - 1);
    await driver.run(1);
    expect([late.closed, late.messages]).toEqual([EXPIRED, []]);
    expect(driver.session.nextWake()).toEqual({ kind: "never" });
  });

  test("of many comes to each in its turn, and what has left does not keep the session awake", async () => {
    const driver = new SessionDriver({ idleMs: 1_000 });
    driver.open();
    const begin = driver.nowMs;
    const viewers = [1, 2, 3].map((n) => driver.connect(begin + n * 10_000));
    driver.disconnect(viewers[0]!);
    await driver.run(20_010);
    expect(viewers.map(({ closed }) => closed?.code)).toEqual([1000, 1008, undefined]);
    await driver.run(10_000);
    expect(viewers[2]!.closed).toEqual(EXPIRED);
    expect(driver.session.viewerCount).toBe(0);
  });

  test("outlives hibernation, and wakes a session that is silent", async () => {
    const driver = new SessionDriver({ idleMs: 1_000 });
    driver.open();
    const expiresAtMs = driver.nowMs + 45_000;
    const [leaving, staying] = [driver.connect(expiresAtMs), driver.connect()];
    await driver.run(44_000);
    expect(driver.session.nextWake()).toEqual({ kind: "check", atMs: expiresAtMs });
    driver.hibernate();
    await driver.run(1_010);
    expect([leaving.closed, staying.closed]).toEqual([EXPIRED, null]);
  });

  test("comes while Redis is away too", async () => {
    const driver = new SessionDriver();
    driver.open();
    const leaving = driver.connect(driver.nowMs + 10_000);
    await driver.run(5_000);
    driver.redis.fault = () => new Response("", { status: 503 });
    await driver.run(5_010);
    expect(leaving.closed).toEqual(EXPIRED);
  });
});
