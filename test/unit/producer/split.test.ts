import { describe, expect, test } from "vitest";
import {
  encodeItems,
  MAX_BURST_BYTES,
  sessionJsonItem,
  TARGET_BURST_BYTES,
} from "../../../src/producer/index.ts";
import { splitBurst } from "../../../src/producer/split.ts";
import { ItemTable, walkBurst } from "../../../src/wire/burst.ts";

describe("splitBurst", () => {
  test("leaves a burst of the target size whole", () => {
    const burst = encodeItems([itemOf(TARGET_BURST_BYTES - 100), itemOf(100)]);
    expect(split(burst)).toEqual([burst]);
  });

  test("starts another burst with the item that would exceed the target", () => {
    const items = [itemOf(TARGET_BURST_BYTES - 100), itemOf(101), itemOf(50)];
    expect(split(encodeItems(items))).toEqual([items[0], encodeItems(items.slice(1))]);
  });

  test("an item above the target goes alone, uncut", () => {
    const items = [itemOf(60), itemOf(3 * TARGET_BURST_BYTES), itemOf(60)];
    expect(split(encodeItems(items))).toEqual(items);
  });

  test("[P-06] an item of the ceiling passes, a larger one is refused", () => {
    const largest = itemOf(MAX_BURST_BYTES);
    expect(split(largest)).toEqual([largest]);
    expect(() => split(itemOf(MAX_BURST_BYTES + 1))).toThrow(
      expect.objectContaining({ code: "item-too-large" }),
    );
  });

  test("[P-06] 2 MiB become bursts near the target that join to what was given", () => {
    const burst = encodeItems(Array.from({ length: 2048 }, () => itemOf(1024)));
    const pieces = split(burst);
    expect(pieces.map((piece) => piece.length)).toEqual(Array.from({ length: 32 }, () => TARGET_BURST_BYTES));
    expect(encodeItems(pieces)).toEqual(burst);
  });

  test("nothing becomes nothing", () => {
    expect(split(new Uint8Array())).toEqual([]);
  });
});

/** An item of exactly that many bytes, its tag and length included. */
function itemOf(bytes: number): Uint8Array {
  for (let overhead = 4; overhead <= 8; overhead += 1) {
    const item = sessionJsonItem("x".repeat(bytes - overhead));
    if (item.length === bytes) return item;
  }
  throw new Error(`No item is ${bytes} bytes long`);
}

function split(burst: Uint8Array): Uint8Array[] {
  const items = new ItemTable();
  walkBurst(burst, 0, burst.length, items);
  return splitBurst(burst, items);
}
