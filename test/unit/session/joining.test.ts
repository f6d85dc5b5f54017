import { expect, test } from "vitest";
import { eventItem, sessionJsonItem, timeRangeItem } from "../../../src/producer/items.ts";
import { data, numbered, T0_NS } from "../../fakes/bursts.ts";
import { SessionDriver } from "../../fakes/session-driver.ts";

const json = (version: number): string => `{"identity":"s1","state":"open","version":${version}}`;

test("[F-01] [F-02] [F-05] first the Session JSON alone, then the time range", async () => {
  const driver = new SessionDriver();
  driver.open(json(1), { tStart: "1795424400000000000", tEnd: "1795424401500000123" });
  const viewer = driver.connect();
  await driver.run(50);
  expect(viewer.messages).toHaveLength(2);
  expect(viewer.items(0)).toEqual([{ sessionJson: json(1) }]);
  const [range] = viewer.items(1);
  expect(String(range?.timeRange?.startTime)).toBe("1795424400000000000");
  expect(String(range?.timeRange?.endTime)).toBe("1795424401500000123");
});

test("[F-05] no time range is invented", async () => {
  const driver = new SessionDriver();
  driver.open();
  const viewer = driver.connect();
  await driver.run(1_000);
  expect(viewer.messages).toHaveLength(1);
});

test("[F-03] a viewer that joins a running session gets the JSON of that moment", async () => {
  const driver = new SessionDriver();
  driver.open(json(1));
  driver.connect();
  await driver.run(3_000);
  driver.open(json(2));
  driver.redis.xadd("car", "7", data(sessionJsonItem(json(2))));
  const late = driver.connect();
  await driver.run(50);
  expect(late.items()).toEqual([{ sessionJson: json(2) }]);
});

test("[F-04] the JSON text passes unchanged", async () => {
  const driver = new SessionDriver();
  const text = `\u{feff}{ "state" : "open","a":null,"b":[], "timeRange":{"endTime":1795424400000000123},"é":"\\u00e9"}`;
  driver.open(text);
  const viewer = driver.connect();
  await driver.run(50);
  expect(viewer.items(0)).toEqual([{ sessionJson: text }]);
});

test.each([
  ["no entry", {}],
  ["an entry without json", { streamSessionId: "7", streamName: "car", streamPosition: "0-0" }],
])("[F-06] [C-05] %s: closed at once without a message", async (_, fields) => {
  const driver = new SessionDriver();
  if (Object.keys(fields).length > 0) driver.redis.hset("sessions:s1", fields);
  const viewer = driver.connect();
  await driver.run(10);
  expect(viewer.messages).toHaveLength(0);
  expect(viewer.closed).toEqual({ code: 1000, reason: "not available" });
  expect(driver.session.nextWake()).toEqual({ kind: "never" });
});

test("[F-07] available later on a new connection", async () => {
  const driver = new SessionDriver();
  driver.connect();
  await driver.run(10);
  driver.open();
  const viewer = driver.connect();
  await driver.run(10);
  expect(viewer.messages).toHaveLength(1);
});

test("[M-01] [M-02] [M-03] metadata reaches a viewer without subscription, and nothing else does", async () => {
  const driver = new SessionDriver();
  driver.open();
  const viewer = driver.connect();
  await driver.run(500);
  const event = eventItem({ definition: 1, app: "car", timestampNs: T0_NS, text: "lap" });
  driver.redis.xadd("car", "7", data(numbered(3, 1), sessionJsonItem(json(2)), event, timeRangeItem(1n, 2n)));
  await driver.run(1_000);
  expect(viewer.messages).toHaveLength(2);
  expect(viewer.items(1).map((item) => Object.keys(item)[0])).toEqual(["sessionJson", "timeRange"]);
});

test("[M-06] updates that race the join arrive in order and none is lost", async () => {
  const driver = new SessionDriver();
  driver.open(json(0));
  const viewers = [driver.connect()];
  for (let version = 1; version <= 40; version++) {
    // Some producers write the stream first and the hash after it.
    if (version % 2 === 0) driver.open(json(version));
    driver.redis.xadd("car", "7", data(sessionJsonItem(json(version))));
    if (version % 3 === 0) viewers.push(driver.connect());
    await driver.run(37);
    driver.open(json(version));
  }
  await driver.run(10_000);
  for (const viewer of viewers) {
    const versions = viewer.items().map((item) => JSON.parse(item.sessionJson!).version as number);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(versions.at(-1)).toBe(40);
  }
});

test("[M-06] a JSON that a producer wrote to the hash alone is sent within seconds", async () => {
  const driver = new SessionDriver();
  driver.open(json(1));
  const viewer = driver.connect();
  await driver.run(1_000);
  driver.open(json(2));
  await driver.run(6_000);
  expect(viewer.items().map((item) => item.sessionJson)).toEqual([json(1), json(2)]);
});

test("[R-02] all likely places of an entry are found, and the template ends the guessing", async () => {
  const fields = { streamSessionId: "7", streamName: "car", streamPosition: "0-0", json: json(1) };
  const put: Record<string, (driver: SessionDriver) => void> = {
    "sessions:s1": (driver) => driver.redis.hset("sessions:s1", fields),
    "session:s1": (driver) => driver.redis.hset("session:s1", fields),
    "field of sessions": (driver) => driver.redis.hset("sessions", { s1: JSON.stringify(fields) }),
    s1: (driver) => driver.redis.hset("s1", fields),
  };
  for (const [place, write] of Object.entries(put)) {
    const driver = new SessionDriver();
    write(driver);
    const viewer = driver.connect();
    await driver.run(10);
    expect(viewer.items(), place).toEqual([{ sessionJson: json(1) }]);
  }
  const driver = new SessionDriver({ keyTemplate: "rta/{identity}/entry" });
  driver.redis.hset("rta/s1/entry", fields);
  driver.redis.hset("sessions:s1", { ...fields, json: "wrong" });
  const viewer = driver.connect();
  await driver.run(10);
  expect(viewer.items()).toEqual([{ sessionJson: json(1) }]);
});

test.each(["sessions:s1", "session:s1", "stream:car"])(
  "an identity like %s reaches no other key",
  async (identity) => {
    const driver = new SessionDriver({ identity });
    driver.open();
    driver.redis.xadd("car", "7", data(numbered(1, 1)));
    const viewer = driver.connect();
    await driver.run(10);
    expect(viewer.closed?.reason).toBe("not available");
  },
);

test("times in a JSON field keep their digits", async () => {
  const driver = new SessionDriver();
  const entry = `{"streamSessionId":7,"streamName":"car","streamPosition":"0-0","json":"{}","tStart":1795424400000000001,"tEnd":1795424400000000003}`;
  driver.redis.hset("sessions", { s1: entry });
  const viewer = driver.connect();
  await driver.run(10);
  expect(String(viewer.items(1)[0]?.timeRange?.endTime)).toBe("1795424400000000003");
});
