import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Origin, startOrigin } from "../../../src/cli/origin.ts";

/** Odd spacing, a null, an empty array and 19 digits: what parsing and writing again would change. */
const TEXT = `{ "identity":"a b/c%",  "timestamp":"2026-11-23T09:00:00Z","timeRange":{"startTime":1795424400000000123},"details":null,"markers":[ ] }`;

let origin: Origin;

beforeAll(async () => {
  origin = await startOrigin();
  origin.publishSession(TEXT);
  origin.publishSession('{"identity":"newer","timestamp":"2026-11-23T10:00:00+00:00"}');
  origin.publishSession('{"identity":"oldest","timestamp":"2026-11-23T09:30:00+01:00"}');
  origin.publishConfig("cfg/1", '{ "Car":{} }');
});

afterAll(() => origin.stop());

describe("sessions", () => {
  test("[C-06] are served as they were published, by an identity of any characters", async () => {
    const response = await get("sessions/a%20b%2Fc%25");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe(TEXT);
  });

  test("are replaced by what is published later", async () => {
    origin.publishSession('{"identity":"again","timestamp":"2000-01-01T00:00:00Z","state":"open"}');
    origin.publishSession('{"identity":"again","timestamp":"2000-01-01T00:00:00Z","state":"closed"}');
    expect(await (await get("sessions/again")).json()).toMatchObject({ state: "closed" });
  });

  test("are listed newest first, whole, in pages", async () => {
    expect(await (await get("sessions?pageSize=2")).text()).toBe(
      `{"sessions":[{"identity":"newer","timestamp":"2026-11-23T10:00:00+00:00"},${TEXT}]}`,
    );
    const second = (await (await get("sessions?pageIndex=1&pageSize=2")).json()) as {
      sessions: { identity: string }[];
    };
    expect(second.sessions.map(({ identity }) => identity)).toEqual(["oldest", "again"]);
    expect(await (await get("sessions?pageIndex=9")).text()).toBe('{"sessions":[]}');
  });

  test("need an identity", () => {
    expect(() => origin.publishSession('{"state":"open"}')).toThrow(TypeError);
  });

  test.each(["timestamped/-", "periodic/3e8-3ff?start=1", "row/-", "events"])(
    "have no history: data/%s is empty",
    async (path) => {
      const response = await get(`sessions/newer/data/${path}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/vnd.mat.protobuf+chunked");
      expect((await response.arrayBuffer()).byteLength).toBe(0);
    },
  );
});

describe("configurations", () => {
  test("are served as they were published", async () => {
    const response = await get("configs/cfg%2F1");
    expect(response.headers.get("content-type")).toBe("application/vnd.mat.config+json");
    expect(await response.text()).toBe('{ "Car":{} }');
  });

  test("answer HEAD with the same headers and no body", async () => {
    const response = await get("configs/cfg%2F1", "HEAD");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("12");
    expect(await response.text()).toBe("");
  });

  test("cannot be changed", () => {
    origin.publishConfig("cfg/1", '{ "Car":{} }');
    expect(() => origin.publishConfig("cfg/1", "{}")).toThrow("another configuration");
  });
});

test("info says that no auth is needed", async () => {
  expect(await (await get("info")).json()).toMatchObject({ authRequired: false, label: expect.any(String) });
});

test.each([
  ["sessions/unknown", "GET"],
  ["sessions/unknown/data/events", "GET"],
  ["sessions/newer/stream", "GET"],
  ["configs/unknown", "HEAD"],
  ["configs", "GET"],
  ["%", "GET"],
  ["sessions", "POST"],
  ["../../sessions", "GET"],
])("%s by %s is not found", async (path, method) => {
  const response = await get(path, method);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/json");
  if (method !== "HEAD") expect(await response.json()).toMatchObject({ code: "not-found" });
});

test("a port in use rejects", async () => {
  await expect(startOrigin({ port: Number(new URL(origin.url).port) })).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
});

function get(path: string, method = "GET"): Promise<Response> {
  return fetch(`${origin.url}/rta/v2/${path}`, { method });
}
