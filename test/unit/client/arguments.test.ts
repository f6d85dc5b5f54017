import { describe, expect, test } from "vitest";
import { IDENTITY } from "../../../src/client/conversion.ts";
import {
  ClientError,
  type EventItem,
  eventText,
  type FollowOptions,
  follow,
  type Parameter,
  PENDING_CATALOGUE,
  parameterText,
  parameterValues,
  restAt,
  type Subscription,
} from "../../../src/client/index.ts";
import { FakeRuntime } from "../../fakes/client-runtime.ts";

const wrong = (argument: string) =>
  expect.objectContaining({ name: "ClientError", code: "invalid-argument", argument });

describe("[L-14] arguments that are wrong are named", () => {
  test.each(["", "host", "ftp://host", "//host", 7 as unknown as string])("url: %j", (url) => {
    expect(() => follow(url, "s")).toThrow(wrong("url"));
  });

  test.each(["", undefined, 7])("identity: %j", (identity) => {
    expect(() => follow("http://host", identity as string)).toThrow(wrong("identity"));
  });

  test.each<[argument: string, options: unknown]>([
    ["options", null],
    ["options.parameters", { parameters: "vCar" }],
    ["options.parameters", { parameters: [""] }],
    ["options.channels", { channels: [1, 2.5] }],
    ["options.channels", { channels: [-1] }],
    ["options.channels", { channels: [2 ** 32] }],
    ["options.channels", { channels: "every" }],
    ["options.events", { events: 1 }],
    ["options.token", { token: "a b" }],
    ["options.token", { token: "" }],
    ["options.store", { store: new Map() }],
    ["options.store", { store: null }],
    ["options.history", { history: "yes" }],
    ["options.signal", { signal: {} }],
    ["options.on.samples", { on: { samples: true } }],
  ])("%s of %j", (argument, options) => {
    const runtime = new FakeRuntime();
    const given = options === null ? options : { ...(options as FollowOptions), runtime };
    expect(() => follow("http://host", "s", given as FollowOptions)).toThrow(wrong(argument));
    expect(runtime.asked).toEqual([]);
  });

  test("of subscribe", () => {
    const following = follow("http://host", "s", { runtime: new FakeRuntime() });
    expect(() => following.subscribe({ channels: [0, -1] })).toThrow(wrong("channels"));
    expect(() => following.subscribe({ events: "all" } as unknown as Subscription)).toThrow(wrong("events"));
    following.close();
  });

  const parameter = {
    conversion: IDENTITY,
    shift: 0,
    mask: -1,
    offset: 0,
    format: "",
  } as unknown as Parameter;
  const event: EventItem = {
    definitionId: 1,
    appName: "a",
    timeNs: 0n,
    statusText: "",
    values: new Float64Array(0),
  };
  const { signal } = new AbortController();

  test.each<[argument: string, call: () => unknown]>([
    ["parameter", () => parameterValues(undefined as never, "u8", [1])],
    ["parameter", () => parameterValues({} as never, "u8", [1])],
    ["type", () => parameterValues(parameter, "u7" as never, [1])],
    ["type", () => parameterValues(parameter, "toString" as never, [1])],
    ["raw", () => parameterValues(parameter, "u8", undefined as never)],
    ["raw", () => parameterValues(parameter, "u8", 1 as never)],
    ["into", () => parameterValues(parameter, "u8", [1], [] as never)],
    ["into", () => parameterValues(parameter, "u8", [1, 2], new Float64Array(1))],
    ["parameter", () => parameterText(null as never, 1)],
    ["value", () => parameterText(parameter, "1" as never)],
    ["event", () => eventText(undefined as never, PENDING_CATALOGUE)],
    ["event", () => eventText({} as never, PENDING_CATALOGUE)],
    ["catalogue", () => eventText(event, undefined as never)],
    ["catalogue", () => eventText(event, {} as never)],
    ["url", () => restAt("host", fetch, signal)],
    ["fetch", () => restAt("http://host", undefined as never, signal)],
    ["signal", () => restAt("http://host", fetch, undefined as never)],
    ["token", () => restAt("http://host", fetch, signal, "t" as never)],
  ])("%s of %s", (argument, call) => {
    expect(call).toThrow(wrong(argument));
  });

  test("and the right ones are taken", () => {
    expect([...parameterValues(parameter, "u8", [1], new Float64Array(2))]).toEqual([1, 0]);
    expect(parameterText(parameter, 1)).toBe("1");
    expect(eventText(event, PENDING_CATALOGUE).title).toBe("0001:a");
    expect(restAt("http://host", fetch, signal)).toHaveProperty("sessions");
  });

  test("errors are of one class, which is an Error", () => {
    expect(new ClientError("invalid-argument", "x must be y", "x")).toBeInstanceOf(Error);
  });
});

test.each([
  ["http://host/", "ws://host/rta"],
  ["https://host:8443/base//", "wss://host:8443/base/rta"],
  ["ws://host", "ws://host/rta"],
  ["wss://host/a/b?x=1#y", "wss://host/a/b/rta"],
])("the base %s leads to %s", async (url, start) => {
  const runtime = new FakeRuntime();
  runtime.rest.set("sessions/s", '{"state":"open"}');
  const following = follow(new URL(url), "s", { runtime });
  await runtime.pass(0);
  expect(runtime.socket.url).toBe(`${start}/v2/sessions/s/stream`);
  following.close();
});
