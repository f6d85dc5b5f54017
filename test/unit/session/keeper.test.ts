import { describe, expect, test } from "vitest";
import { Keeper, type Snapshot } from "../../../src/session/keeper.ts";
import type { Store } from "../../../src/session/ports.ts";

/** Storage that counts what it is billed for. */
class FakeStore implements Store {
  readonly values = new Map<string, unknown>();
  readonly written: string[] = [];
  cleared = 0;

  get(key: string): unknown {
    return this.values.get(key);
  }

  put(key: string, value: unknown): void {
    this.written.push(key);
    this.values.set(key, structuredClone(value));
  }

  delete(key: string): void {
    this.values.delete(key);
  }

  clear(): void {
    this.cleared++;
    this.values.clear();
  }
}

function snapshot(cursor: string, endNs = 5n): Snapshot {
  const boundary = { streamName: "car", sessionIds: ["7"], cursor, ahead: {} };
  const place = { kind: "hash", key: "sessions:s1" } as const;
  return {
    version: 2,
    known: [],
    follower: {
      source: { number: 1, place, begin: "0-0", boundary },
      audit: { landmark: null, ordinal: null, recent: [] },
    },
    range: { startNs: 1n, endNs },
    closedAtMs: null,
    lastDataMs: 0,
  };
}

const setup = (): { store: FakeStore; keeper: Keeper } => {
  const store = new FakeStore();
  return { store, keeper: new Keeper(store) };
};

describe("while data flows", () => {
  test("storage is written once in 5 s, with what is true then", () => {
    const { store, keeper } = setup();
    for (let nowMs = 10_000; nowMs < 30_000; nowMs += 100) {
      keeper.save(snapshot(`${nowMs}-0`), null, nowMs, false);
    }
    expect(store.written).toEqual(["snapshot", "snapshot", "snapshot", "snapshot"]);
    expect(store.get("snapshot")).toEqual(snapshot("25000-0"));
  });

  test("what has not changed is not written again", () => {
    const { store, keeper } = setup();
    for (let nowMs = 10_000; nowMs < 100_000; nowMs += 1_000) {
      keeper.save(snapshot("1-0"), "{}", nowMs, nowMs % 2_000 === 0);
    }
    expect(store.written).toEqual(["snapshot", "json"]);
  });

  test("a change of the range alone is a change", () => {
    const { store, keeper } = setup();
    keeper.save(snapshot("1-0", 5n), null, 10_000, true);
    keeper.save(snapshot("1-0", 6n), null, 10_001, true);
    expect(store.get("snapshot")).toEqual(snapshot("1-0", 6n));
  });
});

test("before hibernation it is written at once, whenever the last time was", () => {
  const { store, keeper } = setup();
  keeper.save(snapshot("1-0"), null, 10_000, false);
  keeper.save(snapshot("2-0"), null, 10_001, false);
  expect(store.get("snapshot")).toEqual(snapshot("1-0"));
  keeper.save(snapshot("2-0"), null, 10_002, true);
  expect(store.get("snapshot")).toEqual(snapshot("2-0"));
});

describe("the Session JSON", () => {
  test.each(['{ "a":1795424400000000123 }', "\uFEFF{}", "é€😀", ""])(
    "[F-04] %j comes back as it was",
    (json) => {
      const { store, keeper } = setup();
      keeper.save(snapshot("1-0"), json, 10_000, true);
      expect(new Keeper(store).load()).toEqual({ snapshot: snapshot("1-0"), json });
    },
  );

  test("that is another than the one kept is written within a second, with everything", () => {
    const { store, keeper } = setup();
    keeper.save(snapshot("1-0"), "{}", 10_000, false);
    for (let nowMs = 10_100; nowMs <= 11_000; nowMs += 100) {
      keeper.save(snapshot(`${nowMs}-0`), `{"at":${nowMs}}`, nowMs, false);
    }
    expect(store.written).toEqual(["snapshot", "json", "snapshot", "json"]);
    expect(new Keeper(store).load()).toEqual({ snapshot: snapshot("11000-0"), json: '{"at":11000}' });
  });

  test("is written only when it changes, also after it was loaded", () => {
    const { store, keeper } = setup();
    keeper.save(snapshot("1-0"), "{}", 10_000, true);
    const next = new Keeper(store);
    next.load();
    next.save(snapshot("2-0"), "{}", 20_000, true);
    next.save(snapshot("3-0"), "{ }", 30_000, true);
    expect(store.written.filter((key) => key === "json")).toHaveLength(2);
    expect(new Keeper(store).load()?.json).toBe("{ }");
  });

  test("too large for storage takes the former one out of it", () => {
    const { store, keeper } = setup();
    keeper.save(snapshot("1-0"), "{}", 10_000, true);
    keeper.save(snapshot("2-0"), "x".repeat(2_000_000), 20_000, true);
    expect(new Keeper(store).load()).toEqual({ snapshot: snapshot("2-0"), json: null });
  });
});

describe("loading", () => {
  test("nothing, and what another version kept, is nothing", () => {
    const { store, keeper } = setup();
    expect(keeper.load()).toBeNull();
    store.put("snapshot", { ...snapshot("1-0"), version: 1 });
    expect(keeper.load()).toBeNull();
  });

  test("what is forgotten is gone, whoever stored it, and is written anew when it comes again", () => {
    const { store, keeper } = setup();
    keeper.save(snapshot("1-0"), "{}", 10_000, true);
    store.put("other", 1);
    keeper.forget();
    expect([...store.values]).toEqual([]);
    keeper.save(snapshot("1-0"), "{}", 10_001, true);
    expect(new Keeper(store).load()).toEqual({ snapshot: snapshot("1-0"), json: "{}" });
  });
});
