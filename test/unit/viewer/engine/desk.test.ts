import { beforeEach, describe, expect, test } from "vitest";
import { catalogueOf } from "../../../../src/client/catalogue.ts";
import { parseConfiguration } from "../../../../src/client/configuration.ts";
import type { EventItem, FollowOptions, follow, Link, Session } from "../../../../src/client/index.ts";
import { Desk } from "../../../../src/viewer/engine/desk.ts";
import type { Message, News, PaneSpec, Question, Questions } from "../../../../src/viewer/engine/messages.ts";

const START_MS = 1_795_424_400_000;
const S = 1_000_000_000n;
const START_NS = BigInt(START_MS) * 1_000_000n;
const CATALOGUE = catalogueOf([
  parseConfiguration(
    {
      app: {
        parameters: [
          { id: "speed:app", name: "speed", unit: "km/h", channels: [1] },
          { id: "gear:app", name: "gear", channels: [2] },
          { id: "fuel:app", name: "fuel", channels: [3] },
        ],
        channels: [1, 2, 3].map((id) => ({ id, type: "u16", source: "periodic", interval: 1e9 })),
      },
    },
    0,
  ),
]);

/** A desk whose session is this test's to tell, and whose clock is too. */
class Bench {
  nowMs = START_MS;
  readonly opened: FollowOptions[] = [];
  readonly subscribed: unknown[] = [];
  readonly messages: Message[] = [];
  readonly desk = new Desk(
    (message) => this.messages.push(message),
    ((_url: string, _identity: string, options: FollowOptions) => {
      this.opened.push(options);
      return { subscribe: (wanted: unknown) => this.subscribed.push(wanted), close() {} };
    }) as unknown as typeof follow,
    () => this.nowMs,
  );
  #tickets = 0;

  open(delayMs = 0): void {
    this.desk.take({
      ...{ kind: "open", baseUrl: "http://test", identity: "s", token: null },
      ...{ retentionS: 600, delayMs },
    });
    this.told.catalogue?.(CATALOGUE);
  }

  get told() {
    return this.opened.at(-1)!.on!;
  }

  /** A sample each second of `channel`, of which the value is the second; as they come, at the clock of the desk. */
  live(channel: number, fromS: number, toS: number): void {
    for (let second = fromS; second < toS; second++) {
      this.nowMs = START_MS + second * 1000;
      const timesNs = BigInt64Array.of(START_NS + BigInt(second) * S);
      const run = { channel, type: "u16", timesNs, values: Uint16Array.of(second) } as const;
      const fresh = this.opened.at(-1)!.store!.add(run);
      if (fresh !== null) this.told.samples?.(fresh);
      this.frame();
    }
  }

  /** Lets the clock go on to a second, a picture every tenth of it. */
  until(second: number): void {
    while (this.nowMs < START_MS + second * 1000) {
      this.nowMs += 100;
      this.frame();
    }
    this.desk.tick();
  }

  frame(): void {
    const { nowMs } = this;
    this.desk.take({
      kind: "frame",
      request: { nowMs, spanNs: 30e9, endNs: null, panes: [], pixelRatio: 1 },
    });
  }

  news<K extends keyof News>(kind: K): News[K][] {
    return this.messages.flatMap((message) => (message.kind === kind ? [message.news as News[K]] : []));
  }

  ask<Q extends Question>(question: Q, ask: Questions[Q]["ask"]): Questions[Q]["answer"] {
    const ticket = this.#tickets++;
    this.desk.take({ kind: "ask", ticket, question, ask });
    const answer = this.messages.find((message) => message.kind === "answer" && message.ticket === ticket);
    return (answer as { answer: Questions[Q]["answer"] }).answer;
  }
}

const pane = (...ids: string[]): PaneSpec => ({
  ...{ id: ids.join(), scale: "own", weight: 1 },
  traces: ids.map((parameter, color) => ({ parameter, color, range: null })),
});
const event = (second: number): EventItem => ({
  ...{ definitionId: 3, appName: "app", statusText: "lap" },
  ...{ timeNs: START_NS + BigInt(second) * S, values: new Float64Array() },
});
const session = (state: Session["state"]): Session => ({
  ...{ identity: "s", identifier: "Race", state, timeRange: null },
  ...{ configBindings: [], json: { state } },
});

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("the broadcast delay", () => {
  const DELAY_S = 10;
  const everything = { parameters: ["speed:app"], startNs: START_NS, endNs: START_NS + 3600n * S };

  function newestSeen(): Record<string, number> {
    const [series] = bench.ask("series", { ...everything, most: 1000 });
    const [reading] = bench.ask("readings", { parameters: ["speed:app"], atNs: everything.endNs });
    const [statistics] = bench.ask("statistics", everything);
    const shownUntilNs = bench.news("drawn").at(-1)!.shownUntilNs!;
    return {
      series: series!.values.at(-1) ?? -1,
      reading: reading!.value,
      statistics: statistics!.max,
      picture: Math.floor(Number(shownUntilNs - START_NS) / 1e9),
      values: bench.news("values").at(-1)?.get("speed:app")?.value ?? -1,
    };
  }

  test("[W-14] holds back samples, wherever they could be seen, by so many seconds and no more", () => {
    bench.open(DELAY_S * 1000);
    bench.desk.take({ kind: "panes", panes: [pane("speed:app")] });
    bench.live(1, 0, 60);
    bench.until(60);
    for (const [where, second] of Object.entries(newestSeen())) {
      expect([where, second <= 60 - DELAY_S]).toEqual([where, true]);
      expect([where, second >= 60 - DELAY_S - 3]).toEqual([where, true]);
    }
    // Data has ended; what was held back is seen to its end, by and by.
    bench.until(65);
    expect(newestSeen().series).toBeLessThanOrEqual(65 - DELAY_S);
    bench.until(80);
    expect(new Set(Object.values(newestSeen()))).toEqual(new Set([59]));
  });

  test("[W-14] holds back events", () => {
    bench.open(DELAY_S * 1000);
    bench.told.event?.(event(20));
    bench.live(1, 0, 25);
    bench.desk.tick();
    expect(bench.news("events").flatMap(({ added }) => added)).toEqual([]);
    bench.live(1, 25, 34);
    bench.desk.tick();
    expect(bench.news("events").flatMap(({ added }) => added)).toMatchObject([{ title: "0003:app" }]);
  });

  test("[W-14] holds back the state of the session and that it has ended, but not who it is", () => {
    bench.open(DELAY_S * 1000);
    bench.told.session?.(session("open"));
    bench.told.link?.({ state: "live" });
    expect(bench.news("session")).toMatchObject([{ identifier: "Race", state: "unknown", json: {} }]);
    bench.until(DELAY_S);
    expect(bench.news("session").at(-1)).toMatchObject({ state: "open", json: { state: "open" } });
    bench.told.session?.(session("closed"));
    const ended: Link = { state: "closed", cause: "ended" };
    bench.told.link?.(ended);
    bench.until(2 * DELAY_S - 1);
    expect(bench.news("session").at(-1)).toMatchObject({ state: "open" });
    expect(bench.news("link").at(-1)).toEqual({ state: "live" });
    bench.until(2 * DELAY_S);
    expect(bench.news("session").at(-1)).toMatchObject({ state: "closed" });
    expect(bench.news("link").at(-1)).toEqual(ended);
  });

  test("does not hide that the connection is broken: that spoils nothing", () => {
    bench.open(DELAY_S * 1000);
    const broken: Link = { state: "reconnecting", cause: "dropped", retryAtMs: 1 };
    bench.told.link?.(broken);
    expect(bench.news("link").at(-1)).toEqual(broken);
  });

  test("made longer, takes back what had been seen", () => {
    bench.open();
    bench.desk.take({ kind: "panes", panes: [pane("speed:app")] });
    bench.told.session?.(session("open"));
    bench.told.event?.(event(5));
    bench.told.event?.(event(20));
    bench.live(1, 0, 22);
    bench.told.session?.(session("closed"));
    bench.desk.tick();
    expect(bench.news("events").flatMap(({ added }) => added)).toHaveLength(2);
    bench.desk.take({ kind: "delay", delayMs: DELAY_S * 1000 });
    bench.frame();
    expect(newestSeen().series).toBeLessThanOrEqual(22 - DELAY_S);
    expect(bench.news("events").at(-1)).toMatchObject({
      isFresh: true,
      added: [{ timeNs: event(5).timeNs }],
    });
    expect(bench.news("session").at(-1)).toMatchObject({ state: "open" });
  });
});

test("only what is plotted or in view is subscribed", () => {
  bench.open();
  bench.desk.take({ kind: "panes", panes: [pane("speed:app")] });
  bench.desk.take({ kind: "watch", parameters: ["gear:app", "none:app"] });
  expect(bench.subscribed.at(-1)).toEqual({ channels: [1, 2] });
  expect(bench.opened[0]).toMatchObject({ events: true, channels: [] });
});

test("[W-15] what comes in while the picture stands still is kept, and answers tell gaps", () => {
  bench.open();
  bench.live(1, 0, 10);
  bench.live(1, 20, 30);
  bench.until(31);
  const [series] = bench.ask("series", {
    ...{ parameters: ["speed:app"], startNs: START_NS + 5n * S, endNs: START_NS + 22n * S },
    most: 100,
  });
  expect([...series!.values]).toEqual([5, 6, 7, 8, 9, Number.NaN, 20, 21, 22]);
  expect(Number(series!.originNs - START_NS) + series!.times.at(-1)!).toBe(22e9);
  const [statistics] = bench.ask("statistics", {
    ...{ parameters: ["speed:app"], startNs: START_NS + 7n * S, endNs: START_NS + 21n * S },
  });
  expect(statistics).toMatchObject({ count: 5, min: 7, max: 21, mean: 13 });
});

test("a cursor in a gap reads nothing", () => {
  bench.open();
  bench.live(1, 0, 10);
  bench.live(1, 20, 30);
  bench.until(31);
  const read = (second: number) =>
    bench.ask("readings", { parameters: ["speed:app"], atNs: START_NS + BigInt(second) * S })[0]!.text;
  expect([9, 11, 15, 20].map(read)).toEqual(["9", "9", "", "20"]);
});

test("many samples are answered in fewer points, with their extremes", () => {
  bench.open();
  bench.live(1, 0, 500);
  bench.until(501);
  const range = { startNs: START_NS, endNs: START_NS + 500n * S };
  const [series] = bench.ask("series", { parameters: ["speed:app"], ...range, most: 20 });
  expect(series!.values.length).toBeLessThanOrEqual(20);
  expect([series!.values[0], series!.values.at(-1)]).toEqual([0, 499]);
});
