import { beforeEach, describe, expect, test } from "vitest";
import type { Update } from "../../../src/client/index.ts";
import { encodeItems, eventItem, periodicItem } from "../../../src/producer/index.ts";
import { compress } from "../../../src/wire/lz4.ts";
import type { FakeRuntime } from "../../fakes/client-runtime.ts";
import { FollowedSession, OPEN, sessionMessage, vector } from "../../fakes/followed-session.ts";

let session: FollowedSession;
let runtime: FakeRuntime;

beforeEach(async () => {
  session = new FollowedSession();
  ({ runtime } = session);
  session.options = { channels: "all", events: true };
  await session.goLive();
});

/** Takes updates until the loop is over; `leave` says when to leave it. */
async function loop(leave: (update: Update) => boolean = () => false): Promise<Update[]> {
  const updates: Update[] = [];
  for await (const update of session.following) {
    updates.push(update);
    if (leave(update)) break;
  }
  return updates;
}
const kinds = (updates: readonly Update[]) => updates.map(({ kind }) => kind);

describe("a loop over the session", () => {
  test("yields states as they are, then what happens, and is over when following is", async () => {
    const looping = loop();
    runtime.socket.receive(vector("E8"));
    session.following.close();
    const updates = await looping;
    expect(kinds(updates)).toEqual([
      ...["link", "session", "samples", "samples", "event", "timeRange", "catalogue"],
      "link",
    ]);
    expect(updates.at(-1)).toEqual({ kind: "link", link: { state: "closed", cause: "by-client" } });
    expect(await session.following.ended).toBe("by-client");
  });

  test("is told nothing after the end, though the rest of a message is still read", async () => {
    session.handlers.samples = () => session.following.close();
    const looping = loop();
    runtime.socket.receive(vector("E8"));
    expect((await looping).at(-1)).toMatchObject({ kind: "link", link: { state: "closed" } });
  });

  test("closes the session when it is left", async () => {
    runtime.socket.receive(vector("E8"));
    const updates = await loop(({ kind }) => kind === "link");
    expect(kinds(updates)).toEqual(["link"]);
    expect(runtime.socket.closedWith).toBe(1000);
    expect(session.following.link).toEqual({ state: "closed", cause: "by-client" });
  });

  test("can be had once", async () => {
    const looping = loop();
    expect(() => session.following[Symbol.asyncIterator]()).toThrow(
      expect.objectContaining({ code: "already-iterated" }),
    );
    session.following.close();
    await looping;
  });

  test("[L-15] that is slow gets the latest states only, the newest samples, and the number of those dropped", async () => {
    const iterator = session.following[Symbol.asyncIterator]();
    const samples = new Float64Array(1_000);
    const runs = (from: number) =>
      compress(
        encodeItems(
          Array.from({ length: 100 }, (_, i) => {
            samples[0] = from + i;
            return periodicItem({ channel: 1, startNs: BigInt(from + i), intervalNs: 1n, samples });
          }),
        ),
      );
    for (let from = 0; from < 1_500; from += 100) runtime.socket.receive(runs(from));
    const event = eventItem({ definition: 1, app: "a", timestampNs: 1n });
    runtime.socket.receive(compress(encodeItems([event])));
    for (const details of ['{"a":1}', '{"a":2}']) {
      runtime.socket.receive(sessionMessage(`{"identity":"s","state":"open","details":${details}}`));
    }
    session.following.close();
    const updates: Update[] = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) updates.push(next.value);
    const [first] = updates;
    const dropped = first?.kind === "dropped" ? first.dropped : undefined;
    const taken = updates.flatMap((update) => (update.kind === "samples" ? [update.samples.values[0]!] : []));
    expect(taken).toEqual(Array.from({ length: taken.length }, (_, i) => 1_500 - taken.length + i));
    expect(taken.length).toBeGreaterThanOrEqual(500);
    expect(taken.length).toBeLessThanOrEqual(1_000);
    expect(dropped).toEqual({ samples: 1_000 * (1_500 - taken.length), events: 0 });
    expect(kinds(updates).filter((kind) => kind === "session")).toHaveLength(1);
    const latest = updates.find((update) => update.kind === "session");
    expect(latest).toMatchObject({ session: { json: { details: { a: 2 } } } });
    expect(kinds(updates).filter((kind) => kind === "event")).toHaveLength(1);
  });
});

describe("handlers", () => {
  test("that throw harm nothing, and the error is not swallowed", async () => {
    const errors: unknown[] = [];
    const catcher = (error: unknown) => errors.push(error);
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException").on("uncaughtException", catcher);
    try {
      session.handlers.samples = () => {
        throw new Error("of the user");
      };
      runtime.socket.receive(vector("E8"));
      await runtime.pass(0);
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const other of others) process.on("uncaughtException", other);
    }
    expect(errors).toMatchObject([{ message: "of the user" }, { message: "of the user" }]);
    expect(session.events).toHaveLength(1);
    expect(session.states.at(-1)).toBe("live");
  });

  test("a signal closes the session", async () => {
    const controller = new AbortController();
    session = new FollowedSession();
    session.options = { signal: controller.signal };
    await session.goLive();
    controller.abort();
    expect(session.runtime.socket.closedWith).toBe(1000);
    expect(await session.following.ended).toBe("by-client");

    session = new FollowedSession();
    session.options = { signal: controller.signal };
    session.runtime.rest.set("sessions/s", OPEN);
    session.start();
    await session.runtime.pass(0);
    expect(session.runtime.asked).toEqual([]);
  });
});
