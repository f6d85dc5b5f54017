import { describe, expect, test } from "vitest";
import { ClientError, type FollowOptions, follow, type Subscription } from "../../../src/client/index.ts";
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
