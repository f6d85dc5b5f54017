import { describe, expect, test } from "vitest";
import { COLOR_COUNT, PLOT_BACKGROUND, type Theme, traceStyle } from "../../../../src/viewer/look/palette.ts";
import { contrast, distance, VISIONS, type Vision } from "./color-vision.ts";

/** What WCAG asks of text of any size. */
const TEXT_CONTRAST = 4.5;
/** Several times what the eye can just tell apart. */
const APART = 0.1;

const colorsOf = (theme: Theme) =>
  Array.from({ length: COLOR_COUNT }, (_, index) => traceStyle(index, theme).color);

test("the yardsticks agree with known figures", () => {
  expect(contrast("#ffffff", "#000000")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  expect(distance("#ff0000", "#ff0000", "normal")).toBe(0);
  expect(distance("#c33b3b", "#5f7a00", "deuteranopia")).toBeLessThan(
    distance("#c33b3b", "#5f7a00", "normal") / 2,
  );
});

describe.each(["dark", "light"] as const)("trace colours, %s", (theme) => {
  const colors = colorsOf(theme);

  test.each(colors)("%s reads as text on the background of plots", (color) => {
    expect(contrast(color, PLOT_BACKGROUND[theme])).toBeGreaterThanOrEqual(TEXT_CONTRAST);
  });

  test.each(Object.keys(VISIONS) as Vision[])("[W-11] any two stay apart: %s", (vision) => {
    const pairs = colors.flatMap((a, index) => colors.slice(index + 1).map((b) => distance(a, b, vision)));
    expect(Math.min(...pairs)).toBeGreaterThanOrEqual(APART);
  });
});

test("styles repeat only after every colour has had every dash", () => {
  const styles = Array.from({ length: 25 }, (_, index) => JSON.stringify(traceStyle(index, "dark")));
  expect(new Set(styles.slice(0, 24)).size).toBe(24);
  expect(styles[24]).toBe(styles[0]);
});
