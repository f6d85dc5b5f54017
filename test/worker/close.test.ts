import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { sessionJsonItem } from "../../src/producer/items.ts";
import { numbered } from "../fakes/bursts.ts";
import { TestSession } from "./redis.ts";
import { eventually, TestViewer } from "./viewer.ts";

let count = 0;

async function joined(): Promise<{ session: TestSession; viewer: TestViewer }> {
  const session = new TestSession(`close-${++count}`);
  await session.open();
  return { session, viewer: await TestViewer.join(session.identity) };
}

async function closeOf(viewer: TestViewer): Promise<{ code: number; reason: string }> {
  await eventually(() => expect(viewer.closed).not.toBeNull());
  return viewer.closed!;
}

describe("[X-01] a viewer's close is answered", () => {
  test.each<[number, string]>([
    [1000, ""],
    [1000, "done"],
    [1001, "going away"],
    [3000, ""],
    [4001, "é".repeat(61)],
  ])("%i %j", async (code, reason) => {
    const { viewer } = await joined();
    expect(await viewer.close(code, reason)).toEqual({ code, reason });
  });

  test("without a code", async () => {
    const { viewer } = await joined();
    expect((await viewer.close()).code).toBe(1005);
  });

  test("[X-02] in the middle of data, and nobody else notices", async () => {
    const { session, viewer } = await joined();
    const other = await TestViewer.join(session.identity);
    for (const each of [viewer, other]) each.subscribe({ channelIds: [1] });
    for (let n = 0; n < 20; n++) await session.write(numbered(1, n));
    await eventually(() => expect(viewer.numbers().length).toBeGreaterThan(0));
    expect((await viewer.close(1000)).code).toBe(1000);
    const seen = viewer.messages.length;
    await session.write(numbered(1, 20));
    await eventually(() => expect(other.numbers()).toHaveLength(21));
    expect(viewer.messages).toHaveLength(seen);
    await other.close(1000);
  });

  test("[X-05] the last one leaves nothing behind: no socket, no alarm, no storage", async () => {
    const { session, viewer } = await joined();
    await viewer.close(1000);
    await eventually(() =>
      runInDurableObject(env.SESSIONS.getByName(session.identity), async (_, { storage, ...state }) => {
        expect(state.getWebSockets?.() ?? []).toEqual([]);
        expect(await storage.getAlarm()).toBeNull();
        expect([...storage.kv.list()]).toEqual([]);
      }),
    );
  });
});

describe("the service closes", () => {
  test("[S-07] text with 1003, garbage with 1007, more than 1 MiB with 1009", async () => {
    const messages = ["hi", new Uint8Array([0xff, 0xff, 0xff]), new Uint8Array(1024 * 1024 + 1)];
    const codes: number[] = [];
    for (const message of messages) {
      const { viewer } = await joined();
      viewer.socket.send(message);
      codes.push((await closeOf(viewer)).code);
    }
    expect(codes).toEqual([1003, 1007, 1009]);
  });

  test("[X-03] the viewers of a session that ends, with 1000 after its last data", async () => {
    const { session, viewer } = await joined();
    viewer.subscribe({ allDataChannels: true });
    await session.write(sessionJsonItem(`{"state":"closed"}`));
    await session.write(numbered(1, 1));
    expect(await closeOf(viewer)).toEqual({ code: 1000, reason: "session ended" });
    expect(viewer.numbers()).toEqual([1]);
    expect(viewer.items()).toContainEqual({ sessionJson: `{"state":"closed"}` });
  });
});
