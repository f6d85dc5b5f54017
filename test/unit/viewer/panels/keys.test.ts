import { describe, expect, test } from "vitest";
import { bindingsOf, isCharacter, KEYS, keyLabel, keyName } from "../../../../src/viewer/panels/keys.ts";

const NONE = { altKey: false, shiftKey: false, ctrlKey: false, metaKey: false, hasAltGraph: false };
const stroke = (key: string, modifiers: object = {}) => keyName({ key, ...NONE, ...modifiers });

test.each([
  [stroke(" "), "Space"],
  [stroke("k"), "k"],
  [stroke("K"), "k"],
  [stroke("K", { shiftKey: true }), "Shift+k"],
  [stroke("?", { shiftKey: true }), "?"],
  [stroke("ArrowLeft", { shiftKey: true }), "Shift+ArrowLeft"],
  [stroke("+", { shiftKey: true, altKey: true }), "Alt++"],
  [stroke("[", { ctrlKey: true, altKey: true, hasAltGraph: true }), "["],
  [stroke("c", { ctrlKey: true }), "Ctrl+c"],
  [stroke("l", { metaKey: true }), "Meta+l"],
])("a stroke is named: %s", (name, expected) => {
  expect(name).toBe(expected);
});

test.each([
  [["k", "Shift+j", "?", "+", "1", "["], true],
  [["Space", "Alt++", "Alt+-", "Home", "Escape", "Shift+ArrowLeft", "Delete"], false],
])("[W-19] %j are characters: %j", (names, expected) => {
  expect(names.map(isCharacter)).toEqual(names.map(() => expected));
});

describe("the table of keys", () => {
  const entries = Object.values(KEYS).flatMap((section) => Object.entries(section));

  test("[W-09] gives each key to one action, and each action a key and words", () => {
    const keys = entries.flatMap(([, entry]) => [...entry.keys]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(entries.map(([action]) => action)).size).toBe(entries.length);
    expect(entries.filter(([, { words }]) => words.length < 4)).toEqual([]);
    expect(bindingsOf().size).toBe(keys.length);
  });

  test("leaves the browser's own keys alone", () => {
    const keys = [...bindingsOf().keys()];
    expect(keys.filter((key) => /Ctrl|Meta|^F\d|^Tab$|^Enter$/.test(key))).toEqual([]);
  });

  test.each([
    ["Shift+ArrowLeft", "Shift + ←"],
    ["Alt++", "Alt + +"],
    ["+", "+"],
    ["-", "−"],
    ["k", "K"],
    ["PageUp", "PageUp"],
  ])("writes %s as people read it", (key, label) => {
    expect(keyLabel(key)).toBe(label);
  });
});
