import { expect, test } from "vitest";
import { data, numbered } from "../../fakes/bursts.ts";
import type { Fault } from "../../fakes/fake-redis.ts";
import { SessionDriver } from "../../fakes/session-driver.ts";

const FAULTS: Record<string, Fault> = {
  "500": () => new Response("oops", { status: 500 }),
  "429": () => Response.json({ error: "slow down" }, { status: 429 }),
  "502 in HTML": () => new Response("<html>Bad gateway</html>", { status: 502 }),
  "401": () => Response.json({ error: "WRONGPASS" }, { status: 401 }),
  "a reset": () => {
    throw new TypeError("connection reset");
  },
  "a reply cut in half": () => new Response('{"result":[["c3RyZWFt'),
  "a reply of the wrong shape": () => Response.json({ result: { a: 1 } }),
  "an empty reply": () => new Response(""),
  "200 with an HTML body": () => new Response("<html>maintenance</html>"),
};

test.each(Object.entries(FAULTS))(
  "[X-06] %s for 20 s: sockets stay, nothing is lost or repeated",
  async (_, fault) => {
    const driver = new SessionDriver();
    driver.open();
    const viewer = driver.connect();
    driver.subscribe(viewer, { channelIds: [5] });
    await driver.run(500);
    let number = 0;
    const produce = async (seconds: number): Promise<void> => {
      for (let i = 0; i < 10 * seconds; i++) {
        driver.redis.xadd("car", "7", data(numbered(5, number++)));
        await driver.run(100);
      }
    };
    await produce(3);
    driver.redis.fault = fault;
    await produce(20);
    driver.redis.fault = undefined;
    await produce(10);
    await driver.run(1_000);
    expect(viewer.closed).toBeNull();
    const got = viewer
      .items()
      .flatMap(({ periodicData: run }) => (run ? [Buffer.from(run.buffer!).readDoubleLE()] : []));
    expect(got).toEqual(Array.from({ length: number }, (_unused, i) => i));
    expect(driver.logged).toEqual(["data-source-failed", "data-source-back"]);
  },
);

test("[X-06] after 60 s of absence viewers are closed with 1011", async () => {
  const driver = new SessionDriver();
  driver.open();
  const viewer = driver.connect();
  await driver.run(500);
  driver.redis.fault = FAULTS["500"];
  await driver.run(50_000);
  expect(viewer.closed).toBeNull();
  await driver.run(20_000);
  expect(viewer.closed?.code).toBe(1011);
});

test("a join during an outage is answered 1011 within its grace time, never 1000", async () => {
  const driver = new SessionDriver();
  driver.open();
  driver.redis.fault = FAULTS["a reset"];
  const viewer = driver.connect();
  await driver.run(5_000);
  expect(viewer.closed).toBeNull();
  await driver.run(11_000);
  expect(viewer.closed?.code).toBe(1011);
  expect(viewer.messages).toHaveLength(0);
});

test("requests of an outage back off to no more than one in 2.5 s", async () => {
  const driver = new SessionDriver();
  driver.open();
  driver.connect();
  await driver.run(500);
  let requests = 0;
  driver.redis.fault = () => {
    requests++;
    return new Response("", { status: 500 });
  };
  await driver.run(50_000);
  expect(requests).toBeLessThanOrEqual(22);
  expect(requests).toBeGreaterThanOrEqual(10);
});

test("a wrong type under the stream's key is a fault, not silence", async () => {
  const driver = new SessionDriver();
  driver.open();
  driver.redis.hset("stream:car", { not: "a stream" });
  const viewer = driver.connect();
  await driver.run(20_000);
  expect(viewer.closed?.code).toBe(1011);
});
