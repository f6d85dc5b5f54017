import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { EXPIRY_HEADER } from "../../src/worker/upgrade.ts";
import { TestSession } from "./redis.ts";
import { eventually, TestViewer } from "./viewer.ts";

/** A viewer with a token that expires in so many ms, as the Worker lets it in. */
async function enter(identity: string, inMs: number): Promise<TestViewer> {
  const headers = { Upgrade: "websocket", [EXPIRY_HEADER]: String(Date.now() + inMs) };
  const response = await env.SESSIONS.getByName(identity).fetch("https://session/", { headers });
  return new TestViewer(response.webSocket!);
}

const EXPIRED = { code: 1008, reason: "token expired" };

test("[U-02] an object closes a viewer whose token expires, hibernated or not", async () => {
  const session = new TestSession("expiry");
  await session.open();
  const [short, long, endless] = [
    await enter(session.identity, 1_000),
    await enter(session.identity, 6_000),
    await enter(session.identity, Number.POSITIVE_INFINITY),
  ];
  await eventually(() => expect(short.closed).toEqual(EXPIRED));
  expect([long.closed, short.messages.length]).toEqual([null, 1]);
  const stub = env.SESSIONS.getByName(session.identity);
  await evictDurableObject(stub, { webSockets: "hibernate" });
  await runDurableObjectAlarm(stub);
  await eventually(() => expect(long.closed).toEqual(EXPIRED));
  expect(endless.closed).toBeNull();
  await endless.close(1000);
});

test("[U-02] an object lets nobody stay without being told until when", async () => {
  const headers = { Upgrade: "websocket" };
  const response = await env.SESSIONS.getByName("untold").fetch("https://session/", { headers });
  const viewer = new TestViewer(response.webSocket!);
  await eventually(() => expect(viewer.closed).toEqual(EXPIRED));
});
