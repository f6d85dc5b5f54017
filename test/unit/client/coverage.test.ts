import { describe, expect, test } from "vitest";
import { createStore, type Store } from "../../../src/client/index.ts";

const S = 1_000_000_000n;

/** A store that is told runs of ten samples, 100 a second: those of second `s` from `s`. */
function tell(store: Store, ...seconds: readonly (readonly [from: number, to: number])[]): void {
  const coverage = store.coverage.of(1);
  for (const [from, to] of seconds) {
    for (let tenth = 10 * from; tenth < 10 * to; tenth++) {
      const timesNs = BigInt64Array.from({ length: 10 }, (_, i) => BigInt(100 * tenth + 10 * i) * 1_000_000n);
      coverage.told(timesNs[0]!, timesNs[9]!);
      store.add({ channel: 1, type: "u8", timesNs, values: new Uint8Array(10) });
    }
  }
}

const holes = (store: Store) =>
  store
    .series(1)
    .holes()
    .map(({ startNs, endNs, cause }) => [Number(startNs) / 1e9, Number(endNs) / 1e9, cause]);

describe("[L-11] holes", () => {
  test("one connection has none once its history is complete, and a pending one until then", () => {
    const store = createStore();
    tell(store, [100, 101], [50, 60]);
    expect(holes(store)).toEqual([[59.99, 100, "pending"]]);
    tell(store, [101, 102], [60, 100]);
    expect(holes(store)).toEqual([[99.99, 100, "pending"]]);
    store.coverage.settle();
    expect(holes(store)).toEqual([]);
    tell(store, [105, 106]);
    expect(holes(store)).toEqual([]);
  });

  test("a reconnect whose backfill reaches back to what was there leaves none", () => {
    const store = createStore();
    tell(store, [0, 10]);
    store.coverage.reconnect();
    tell(store, [20, 21]);
    expect(holes(store)).toEqual([[9.99, 20, "pending"]]);
    tell(store, [5, 20]);
    store.coverage.settle();
    expect(holes(store)).toEqual([]);
    expect(store.coverage.news()).toEqual([]);
  });

  test("a reconnect whose backfill does not reach back leaves one, told once", () => {
    const store = createStore();
    tell(store, [0, 10]);
    store.coverage.reconnect();
    tell(store, [20, 21], [15, 20]);
    expect(store.coverage.news()).toEqual([]);
    store.coverage.settle();
    expect(holes(store)).toEqual([[9.99, 15, "reconnect"]]);
    expect(store.coverage.news()).toHaveLength(1);
    expect(store.coverage.news()).toEqual([]);
  });

  test("what comes later fills it, from either side", () => {
    const store = createStore();
    tell(store, [0, 10]);
    store.coverage.reconnect();
    tell(store, [20, 21]);
    store.coverage.settle();
    store.coverage.of(1).history(8n * S, 12n * S);
    expect(holes(store)).toEqual([[12, 20, "reconnect"]]);
    store.coverage.reconnect();
    tell(store, [22, 23], [11, 22]);
    store.coverage.settle();
    expect(holes(store)).toEqual([]);
  });

  test("a connection that breaks before its history is complete leaves what is missing, until the next tells it", () => {
    const store = createStore();
    tell(store, [100, 101], [50, 60]);
    store.coverage.reconnect();
    tell(store, [110, 111], [100, 110]);
    store.coverage.settle();
    expect(holes(store)).toEqual([[59.99, 100, "reconnect"]]);
    store.coverage.reconnect();
    tell(store, [120, 121], [55, 120]);
    store.coverage.settle();
    expect(holes(store)).toEqual([]);
  });

  test("a connection that tells nothing changes nothing", () => {
    const store = createStore();
    tell(store, [0, 10]);
    store.coverage.reconnect();
    store.coverage.reconnect();
    tell(store, [20, 21]);
    store.coverage.settle();
    expect(holes(store)).toEqual([[9.99, 20, "reconnect"]]);
  });

  test("a lost message leaves one where data goes on, in live data and in backfill", () => {
    const store = createStore();
    tell(store, [100, 101], [50, 60]);
    store.coverage.broken();
    tell(store, [102, 103], [61, 100]);
    store.coverage.settle();
    expect(holes(store)).toEqual([
      [59.99, 61, "bad-frame"],
      [100.99, 102, "bad-frame"],
    ]);
  });

  test("history that ends before the stream begins leaves one, until it is filled", () => {
    const store = createStore();
    tell(store, [20, 21]);
    store.coverage.settle();
    const coverage = store.coverage.of(1);
    coverage.history(0n, 10n * S);
    expect(holes(store)).toEqual([[10, 20, "history"]]);
    coverage.filled(9n * S, 15n * S);
    expect(holes(store)).toEqual([[15, 20, "history"]]);
    coverage.filled(15n * S, 22n * S);
    expect(holes(store)).toEqual([]);
    store.coverage.reconnect();
    tell(store, [30, 31], [20, 30]);
    store.coverage.settle();
    expect(holes(store)).toEqual([]);
  });

  test("history that comes late is held against the first connection, not the last", () => {
    const store = createStore();
    tell(store, [0, 10]);
    store.coverage.reconnect();
    tell(store, [9, 20]);
    store.coverage.settle();
    store.coverage.of(1).history(0n, 3n * S);
    expect(holes(store)).toEqual([]);
  });

  test("a channel that speaks for the first time when history is complete has none", () => {
    const store = createStore();
    store.coverage.settle();
    tell(store, [1, 2], [10, 11], [20, 21]);
    expect(holes(store)).toEqual([]);
  });

  test("a channel that is asked for later has its own history, pending until then", () => {
    const store = createStore();
    store.series(1);
    store.coverage.settle();
    store.coverage.expect();
    tell(store, [20, 21], [5, 10]);
    expect(holes(store)).toEqual([[9.99, 20, "pending"]]);
    store.coverage.settle();
    expect(holes(store)).toEqual([]);
  });

  test("the revision of a series changes with its holes, and not with what changes nothing", () => {
    const store = createStore();
    const series = store.series(1);
    const changes = (task: () => void): boolean => {
      const before = series.revision;
      task();
      return series.revision !== before;
    };
    expect(changes(() => tell(store, [0, 1]))).toBe(true);
    expect(changes(() => store.coverage.settle())).toBe(true);
    expect(changes(() => tell(store, [0, 1]))).toBe(false);
    store.coverage.broken();
    expect(changes(() => store.coverage.of(1).told(5n * S, 6n * S))).toBe(true);
    expect(changes(() => store.coverage.of(1).filled(0n, 6n * S))).toBe(true);
  });

  test("cut spans, and values do not reach into them", () => {
    const store = createStore();
    tell(store, [0, 10]);
    store.coverage.reconnect();
    tell(store, [20, 21]);
    store.coverage.settle();
    const series = store.series(1);
    expect(series.spans().map(({ offsetsNs, afterHole }) => [offsetsNs.length, afterHole])).toEqual([
      [1_000, false],
      [20, true],
      [80, false],
    ]);
    expect(series.at(9_999_000_000n)).toBeNull();
    expect(series.at(9_990_000_000n)?.timeNs).toBe(9_990_000_000n);
    expect(series.at(20n * S)?.timeNs).toBe(20n * S);
  });
});
