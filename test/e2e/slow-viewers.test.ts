import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { periodicItem } from "../../src/producer/index.ts";
import type { Follower } from "./follower.ts";
import { NumberSource } from "./number-source.ts";
import { type Stack, startStack } from "./stack.ts";

const KIB = 1024;
/** Some 16 MB go into the network and local proxies first: a busy machine takes its time for them. */
const WAIT = { timeout: 110_000, interval: 200 };

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ RTA_VIEWERQUEUE__BYTES: String(2 * KIB * KIB) });
});
afterAll(() => stack?.stop());

/** What the client has not read stays in the network, and then with the server. */
const connectionOf = ({ socket }: Follower): Socket => (socket as unknown as { _socket: Socket })._socket;

// Elsewhere the local runtime does not tell how much waits in a socket, and an estimate of a fast line takes its place.
test.runIf(process.platform === "linux")(
  "a viewer that has stopped reading is closed with 1013, and the others notice nothing",
  async () => {
    const session = await stack.produce("slow", "slow");
    await session.writeSessionJson('{"identity":"slow","state":"open"}');
    const [stalled, ...others] = await Promise.all([1, 2, 3, 4].map(() => stack.follow("slow")));
    for (const viewer of [stalled!, ...others]) {
      await viewer.untilMessages(1);
      viewer.subscribe({ allDataChannels: true });
    }
    const noise = { channel: 2, startNs: 0n, intervalNs: 1n };
    const beside = (): Uint8Array[] => [periodicItem({ ...noise, samples: randomBytes(63 * KIB) })];
    const source = new NumberSource(session, { everyMs: 20, beside });
    connectionOf(stalled!).pause();
    await vi.waitUntil(async () => (await stack.metric("slow_viewers_closed_total")) === 1, WAIT);
    connectionOf(stalled!).resume();
    expect(await stalled!.closed).toEqual({ code: 1013, reason: "too slow" });
    const got = stalled!.numbers(1);
    expect(got).toEqual(source.written.slice(0, got.length));
    await source.more(50);
    await source.stop();
    for (const viewer of others) {
      await viewer.until(() => viewer.numbers(1).length >= source.written.length);
      expect(viewer.numbers(1)).toEqual(source.written);
    }
    expect(await stack.metric("slow_viewers_closed_total")).toBe(1);
  },
  120_000,
);
