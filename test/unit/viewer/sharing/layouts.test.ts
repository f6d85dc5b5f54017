import { expect, test } from "vitest";
import { readLayouts, writeLayouts } from "../../../../src/viewer/sharing/layouts.ts";

test("layouts come back by kind of session, the latest visit last", () => {
  let text: string | null = null;
  for (const [kind, layout] of [
    ["Car", "a"],
    ["Boat", "b"],
    ["Car", "c"],
  ] as const) {
    text = writeLayouts(readLayouts(text), kind, layout);
  }
  expect([...readLayouts(text)]).toEqual([
    ["Boat", "b"],
    ["Car", "c"],
  ]);
});

test("of too many the longest unvisited goes", () => {
  let text: string | null = null;
  for (let index = 0; index < 30; index++) text = writeLayouts(readLayouts(text), `kind ${index}`, "x");
  const kinds = [...readLayouts(text).keys()];
  expect(kinds).toHaveLength(20);
  expect(kinds[0]).toBe("kind 10");
});

test.each([null, "", "{", "7", "{}", '[1,["a"],["a",2],null]'])("nonsense has no layouts: %j", (text) => {
  expect(readLayouts(text).size).toBe(0);
});
