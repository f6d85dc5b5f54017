import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { SessionObject } from "../../src/worker/index.ts";
import { numbered } from "../fakes/bursts.ts";
import { TestSession } from "./redis.ts";
import { eventually, TestViewer } from "./viewer.ts";

const objectOf = ({ identity }: TestSession) => env.SESSIONS.getByName(identity);
const evict = (session: TestSession): Promise<void> =>
  evictDurableObject(objectOf(session), { webSockets: "hibernate" });
const wake = (session: TestSession): Promise<boolean> => runDurableObjectAlarm(objectOf(session));

async function opened(identity: string): Promise<TestSession> {
  const session = new TestSession(identity);
  await session.open();
  return session;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const expectNumbers = (viewer: TestViewer, count: number): Promise<void> =>
  eventually(() => expect(viewer.numbers()).toEqual(upTo(count)));

/** Waits until the loop of a silent session has ended and only the alarm is left. */
function silent(session: TestSession): Promise<void> {
  const sinceMs = Date.now();
  return eventually(() =>
    runInDurableObject(objectOf(session), async (_, { storage }) => {
      const alarmMs = await storage.getAlarm();
      expect(alarmMs).not.toBeNull();
      // The check of a silent session comes 20 s after a poll, the watchdog of a loop 30 s after it was set.
      expect(alarmMs! - sinceMs).toBeLessThan(25_000);
    }),
  );
}

test("[V-05] again and again: nothing is lost or repeated", async () => {
  const session = await opened("evicted-often");
  const viewer = await TestViewer.join(session.identity);
  viewer.subscribe({ channelIds: [1] });
  let written = 0;
  for (let round = 0; round < 4; round++) {
    for (let n = 0; n < 5; n++) await session.write(numbered(1, written++));
    await expectNumbers(viewer, written);
    await evict(session);
    for (let n = 0; n < 2; n++) await session.write(numbered(1, written++));
    expect(await wake(session)).toBe(true);
  }
  await expectNumbers(viewer, written);
  expect(viewer.items().flatMap(({ sessionJson }) => sessionJson ?? [])).toHaveLength(1);
  await viewer.close(1000);
});

test("[V-05] with the viewer that keeps the position leaving meanwhile: nothing is lost or repeated", async () => {
  const session = await opened("evicted-carrier");
  const carrier = await TestViewer.join(session.identity);
  const other = await TestViewer.join(session.identity);
  other.subscribe({ channelIds: [1] });
  for (let n = 0; n < 5; n++) await session.write(numbered(1, n));
  await expectNumbers(other, 5);
  await evict(session);
  await carrier.close(1000);
  await session.write(numbered(1, 5));
  expect(await wake(session)).toBe(true);
  await expectNumbers(other, 6);
  await other.close(1000);
});

test("a subscription wakes the object and is kept through the next sleep", async () => {
  const session = await opened("evicted-subscribe");
  const viewer = await TestViewer.join(session.identity);
  await silent(session);
  await evict(session);
  viewer.subscribe({ channelIds: [1] });
  await silent(session);
  await evict(session);
  await session.write(numbered(1, 0), numbered(2, 99));
  expect(await wake(session)).toBe(true);
  await expectNumbers(viewer, 1);
  await viewer.close(1000);
});

test("a reset, which takes the sockets along: viewers that come back find the session as it is then", async () => {
  const session = await opened("reset");
  const viewer = await TestViewer.join(session.identity);
  viewer.subscribe({ channelIds: [1] });
  await session.write(numbered(1, 0));
  await expectNumbers(viewer, 1);
  const reset = runInDurableObject(objectOf(session), (_, state) => state.abort("reset by the test"));
  await expect(reset).rejects.toThrow("reset by the test");
  await eventually(() => expect(viewer.closed?.code).toBe(1006));
  await session.open(`{"version":2}`);
  const again = await TestViewer.join(session.identity);
  expect(again.items(0)).toEqual([{ sessionJson: `{"version":2}` }]);
  again.subscribe({ channelIds: [2] });
  await session.write(numbered(2, 1));
  await eventually(() => expect(again.numbers()).toEqual([1]));
  await again.close(1000);
});

test("[V-05] while it is silent: the alarm finds what came, and the session is at full pace again", async () => {
  const session = await opened("evicted-silent");
  const viewer = await TestViewer.join(session.identity);
  viewer.subscribe({ channelIds: [1] });
  await session.write(numbered(1, 0));
  await expectNumbers(viewer, 1);
  await silent(session);
  await evict(session);
  await session.write(numbered(1, 1));
  expect(await wake(session)).toBe(true);
  await expectNumbers(viewer, 2);
  await session.write(numbered(1, 2));
  await expectNumbers(viewer, 3);
  await viewer.close(1000);
});

test("a session sleeps again after each check, with data and without", async () => {
  const session = await opened("sleepy");
  const viewer = await TestViewer.join(session.identity);
  viewer.subscribe({ channelIds: [1] });
  for (const count of [0, 1, 1, 2]) {
    await silent(session);
    // Refused while anything is pending: a timer, a request, a write.
    await evict(session);
    if (count > viewer.numbers().length) await session.write(numbered(1, count - 1));
    expect(await wake(session)).toBe(true);
    await expectNumbers(viewer, count);
  }
  await viewer.close(1000);
});

test("[S-08] [V-05] a subscription to 60,000 scattered channels outlives the object, and each viewer keeps its own", async () => {
  const session = await opened("evicted-large");
  const large = await TestViewer.join(session.identity);
  const small = await TestViewer.join(session.identity);
  large.subscribe({ channelIds: Array.from({ length: 60_000 }, (_, i) => i * 70_001) });
  small.subscribe({ channelIds: [1] });
  await session.write(numbered(0, 0), numbered(1, 0));
  await expectNumbers(large, 1);
  await expectNumbers(small, 1);
  await evict(session);
  await session.write(numbered(59_999 * 70_001, 1), numbered(1, 1), numbered(2, 99));
  expect(await wake(session)).toBe(true);
  await expectNumbers(large, 2);
  await expectNumbers(small, 2);
  await large.close(1000);
  await small.close(1000);
  await eventually(() =>
    runInDurableObject(objectOf(session), (_, { storage }) => {
      expect([...storage.kv.list()]).toEqual([]);
    }),
  );
});

test("[M-01] a Session JSON that was written while the object was away comes once", async () => {
  const session = await opened("evicted-metadata");
  const viewer = await TestViewer.join(session.identity);
  await silent(session);
  await evict(session);
  await session.open(`{"version":2}`);
  expect(await wake(session)).toBe(true);
  await eventually(() => expect(viewer.items().at(-1)).toEqual({ sessionJson: `{"version":2}` }));
  await evict(session);
  viewer.subscribe({ channelIds: [1] });
  await session.write(numbered(1, 0));
  expect(await wake(session)).toBe(true);
  await expectNumbers(viewer, 1);
  const texts = viewer.items().flatMap(({ sessionJson }) => sessionJson ?? []);
  expect(texts).toEqual([`{"identity":"x","state":"open"}`, `{"version":2}`]);
  await viewer.close(1000);
});

test("[X-01] [X-05] a viewer that leaves while the object is away is answered, and nothing stays", async () => {
  const session = await opened("evicted-leave");
  const viewer = await TestViewer.join(session.identity);
  await silent(session);
  await evict(session);
  expect(await viewer.close(4001, "bye")).toEqual({ code: 4001, reason: "bye" });
  await eventually(() =>
    runInDurableObject(objectOf(session), async (_, { storage }) => {
      expect(await storage.getAlarm()).toBeNull();
      expect([...storage.kv.list()]).toEqual([]);
    }),
  );
});

test("an alarm without viewers does nothing and is the last one", async () => {
  const session = await opened("alarm-alone");
  const stub = objectOf(session);
  await runInDurableObject(stub, (_, { storage }) => storage.setAlarm(Date.now() + 3_600_000));
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await runDurableObjectAlarm(stub)).toBe(false);
  await runInDurableObject(stub, async (_, { storage }) => {
    expect(await storage.getAlarm()).toBeNull();
    expect([...storage.kv.list()]).toEqual([]);
  });
});

test("the object knows its name whatever woke it", async () => {
  const session = await opened("named é");
  const names: unknown[] = [];
  const run = SessionObject.prototype.alarm;
  const alarm = vi.spyOn(SessionObject.prototype, "alarm").mockImplementation(function (this: SessionObject) {
    names.push((this as unknown as { ctx: DurableObjectState }).ctx.id.name);
    return run.call(this);
  });
  const viewer = await TestViewer.join(session.identity);
  await evict(session);
  expect(await wake(session)).toBe(true);
  expect(names).toEqual([session.identity]);
  alarm.mockRestore();
  await evict(session);
  expect(await runInDurableObject(objectOf(session), (_, { id }) => id.name)).toBe(session.identity);
  await viewer.close(1000);
});
