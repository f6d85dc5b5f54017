import { describe, expect, test } from "vitest";
import { BurstBuilder, TARGET_BURST_BYTES } from "../../../src/session/burst-builder.ts";
import { decompress } from "../../../src/wire/lz4.ts";
import { Random } from "../../fuzz/random.ts";

const MIB = 1024 * 1024;

/** A builder over one buffer: its own room, then what `add` is given. */
class Bench {
  readonly messages: Uint8Array[] = [];
  readonly builder = new BurstBuilder((message) => this.messages.push(message.slice()));
  readonly buffer = new Uint8Array(TARGET_BURST_BYTES + 4 * MIB);
  #end = TARGET_BURST_BYTES;

  #place(bytes: Uint8Array): [start: number, end: number] {
    this.buffer.set(bytes, this.#end);
    const start = this.#end;
    this.#end += bytes.length;
    return [start, this.#end];
  }

  add(bytes: Uint8Array): void {
    this.builder.add(this.buffer, ...this.#place(bytes));
  }

  addWhole(bytes: Uint8Array, message: Uint8Array): void {
    this.builder.addWhole(this.buffer, ...this.#place(bytes), message);
  }

  finish(): Uint8Array[] {
    this.builder.finish(this.buffer);
    return this.messages;
  }
}

const filled = (bytes: number, value = 1): Uint8Array => new Uint8Array(bytes).fill(value);
const sizes = (messages: Uint8Array[]): number[] => messages.map((each) => decompress(each, MIB).length);

describe("[D-07] joined", () => {
  test.each([1, 2, 3, 4])("seed %i: in order, none over 64 KiB unless it is one item", (seed) => {
    const random = new Random(seed);
    const bench = new Bench();
    const items = Array.from({ length: 300 }, () =>
      random.packable(1 + random.magnitude(random.pick([8, 12, 17]))),
    );
    const kept = items.filter(
      (_, i) => items.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0) < 4 * MIB,
    );
    for (const item of kept) bench.add(item);
    const bursts = bench.finish().map((message) => decompress(message, MIB));
    expect(Buffer.concat(bursts).equals(Buffer.concat(kept))).toBe(true);
    const large = kept.filter((item) => item.length > TARGET_BURST_BYTES);
    const over = bursts.filter((burst) => burst.length > TARGET_BURST_BYTES);
    expect(large.length).toBeGreaterThan(0);
    expect(over).toEqual(large);
    expect(bursts.every(({ length }) => length > 0)).toBe(true);
  });

  test("exactly up to the limit, and not a byte more", () => {
    const full = new Bench();
    full.add(filled(TARGET_BURST_BYTES - 10));
    full.add(filled(10));
    expect(sizes(full.finish())).toEqual([TARGET_BURST_BYTES]);
    const over = new Bench();
    over.add(filled(TARGET_BURST_BYTES - 10));
    over.add(filled(11));
    expect(sizes(over.finish())).toEqual([TARGET_BURST_BYTES - 10, 11]);
  });

  test("a larger item goes alone, in its place, uncut", () => {
    const bench = new Bench();
    bench.add(filled(10));
    bench.add(filled(TARGET_BURST_BYTES + 1));
    bench.add(filled(20));
    expect(sizes(bench.finish())).toEqual([10, TARGET_BURST_BYTES + 1, 20]);
  });

  test("[A-21] nothing makes no message, and what was finished is not sent again", () => {
    const bench = new Bench();
    expect(bench.finish()).toEqual([]);
    bench.add(filled(10));
    expect(bench.finish()).toHaveLength(1);
    expect(bench.finish()).toHaveLength(1);
  });
});

describe("an entry wanted whole", () => {
  const came = filled(3, 0xee);

  test("goes as it came when it is alone", () => {
    const bench = new Bench();
    bench.addWhole(filled(10), came);
    expect(bench.finish()).toEqual([came]);
  });

  test.each([
    ["after an item", ["item", "entry"], [15]],
    ["before an item", ["entry", "item"], [15]],
    ["with another", ["entry", "entry"], [20]],
  ])("is joined %s", (_, parts, expected) => {
    const bench = new Bench();
    for (const part of parts) {
      if (part === "item") bench.add(filled(5));
      else bench.addWhole(filled(10), came);
    }
    expect(sizes(bench.finish())).toEqual(expected);
  });

  test("goes as it came when its neighbours leave it no room", () => {
    const bench = new Bench();
    bench.add(filled(TARGET_BURST_BYTES));
    bench.addWhole(filled(10), came);
    bench.add(filled(TARGET_BURST_BYTES));
    const [first, second, third, ...rest] = bench.finish();
    expect(sizes([first!, third!])).toEqual([TARGET_BURST_BYTES, TARGET_BURST_BYTES]);
    expect(second).toEqual(came);
    expect(rest).toEqual([]);
  });

  test("goes as it came when it is larger than a burst, after what was before it", () => {
    const bench = new Bench();
    bench.add(filled(5));
    bench.addWhole(filled(TARGET_BURST_BYTES + 1), came);
    bench.add(filled(7));
    const [first, second, third] = bench.finish();
    expect(sizes([first!, third!])).toEqual([5, 7]);
    expect(second).toEqual(came);
  });
});
