import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { compress } from "../../src/wire/lz4.ts";
import { numbered } from "../fakes/bursts.ts";
import { type Stack, startStack } from "./stack.ts";

const BEHIND_S = 3_600;

/** Stands before a gateway whose Redis has a clock that is an hour behind. */
async function slowClock(gatewayUrl: string): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const headers = request.headers as Record<string, string>;
    const answer = await fetch(gatewayUrl + request.url, { method: "POST", headers, body });
    const text = await answer.text();
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(body.toString() === '[["TIME"]]' ? text.replace(/(?<=\[")[^"]+/, slower) : text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const slower = (seconds: string): string => btoa(String(Number(atob(seconds)) - BEHIND_S));

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ RTA_ENABLETRIMMER: "false" }, { between: slowClock });
});
afterAll(() => stack?.stop());

test("[V-03] delivery is measured by the clock of Redis, however far that is off", async () => {
  const session = await stack.produce("slow", "slow");
  await session.writeSessionJson(JSON.stringify({ identity: "slow", state: "open" }));
  // From here on ids are those of the slow clock.
  await stack.commands.del("stream:slow");
  const follower = await stack.follow("slow");
  follower.subscribe({ channelIds: [1] });
  await follower.untilMessages(1);
  await vi.waitUntil(() => (stack.gateway.stats().TIME ?? 0) > 0);
  for (let i = 0; i < 20; i++) {
    const fields = { id: session.place.streamSessionId, data: Buffer.from(compress(numbered(1, i))) };
    await stack.commands.xAdd("stream:slow", `${Date.now() - BEHIND_S * 1000}-${i}`, fields);
    await follower.until(() => follower.numbers(1).length === i + 1);
  }
  await vi.waitUntil(async () => (await stack.metric("delivery_seconds_count")) >= 20, { timeout: 20_000 });
  const [sum, count] = [
    await stack.metric("delivery_seconds_sum"),
    await stack.metric("delivery_seconds_count"),
  ];
  expect(sum / count).toBeGreaterThan(0);
  expect(sum / count).toBeLessThan(BEHIND_S / 10);
});

test("[V-09] the dashboard in docs/ draws every metric that there is, and no other", async () => {
  const dashboard = readFileSync(new URL("../../docs/grafana.json", import.meta.url), "utf8");
  const { panels } = JSON.parse(dashboard) as { panels: { targets?: { expr: string }[] }[] };
  const expressions = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const drawn = expressions.flatMap((each) => each.match(/slipstream_\w+/g) ?? []);
  const text = await (await fetch(`${stack.url}/metrics`)).text();
  const samples = [...text.matchAll(/^(slipstream_\w+)/gm)].map(([name]) => name);
  expect(new Set(drawn)).toEqual(new Set(samples));
  for (const each of expressions) {
    expect(each.match(/[({[]/g)?.length, each).toBe(each.match(/[)}\]]/g)?.length);
  }
  expect(dashboard.match(/slipstream_\w+/g)?.filter((name) => !samples.includes(name))).toEqual([]);
});

test("[V-02] however many probe at once, Redis is asked once a second", async () => {
  const pings = (): number => stack.gateway.stats().PING ?? 0;
  const [before, start] = [pings(), Date.now()];
  for (let round = 0; round < 3; round++) {
    const probes = Array.from({ length: 100 }, async () => (await fetch(`${stack.url}/health`)).status);
    expect(new Set(await Promise.all(probes))).toEqual(new Set([200]));
  }
  const seconds = (Date.now() - start) / 1_000;
  expect(pings() - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
});
