import { describe, expect, test } from "vitest";
import { pixelOf, Raster } from "../../../../src/viewer/plot/raster.ts";

const BLACK = 0x000000;
const WHITE = 0xffffff;

/** Brightness of the pixels, row by row, from 0 to 255. */
function rows(raster: Raster): number[][] {
  return Array.from({ length: raster.height }, (_, row) =>
    Array.from({ length: raster.width }, (_, column) => raster.pixels[row * raster.width + column]! & 0xff),
  );
}

function blank(width: number, height: number): Raster {
  const raster = new Raster(width, height);
  raster.fill(BLACK);
  return raster;
}

const span = (top: number, bottom: number) => ({
  top: Float64Array.of(top),
  bottom: Float64Array.of(bottom),
});

describe("the raster", () => {
  test("has pixels as pictures in browsers have them: red, green, blue, opaque", () => {
    const raster = new Raster(1, 1);
    raster.fill(0x112233);
    expect([...new Uint8Array(raster.pixels.buffer)]).toEqual([0x11, 0x22, 0x33, 0xff]);
    expect(pixelOf(0x112233)).toBe(0xff332211);
  });

  test("covers pixels at the ends of a span in part", () => {
    const raster = blank(1, 4);
    raster.spans(span(1, 2.5), WHITE, 0);
    expect(rows(raster)).toEqual([[0], [255], [127], [0]]);
  });

  test("gives a level line its thickness, wherever it lies between the pixels", () => {
    for (const at of [2, 2.25, 2.5]) {
      const raster = blank(1, 5);
      raster.spans(span(at, at), WHITE, 1.5);
      const light = rows(raster)
        .flat()
        .reduce((sum, value) => sum + value, 0);
      expect(light / 255).toBeCloseTo(1.5, 1);
    }
  });

  test("cuts off what lies outside, and draws nothing where there is nothing", () => {
    const raster = blank(3, 2);
    raster.spans(
      { top: Float64Array.of(-9, Number.NaN, 5), bottom: Float64Array.of(9, Number.NaN, 6) },
      WHITE,
      1,
    );
    expect(rows(raster)).toEqual([
      [255, 0, 0],
      [255, 0, 0],
    ]);
    raster.band(-5, 1, WHITE, 1, 1);
    raster.column(7, WHITE, 1);
    raster.dot(-4, -4, 2, WHITE);
    expect(rows(raster)).toEqual([
      [255, 255, 255],
      [255, 0, 0],
    ]);
  });

  test("gives a step its thickness sideways too, and leaves gaps alone", () => {
    const raster = blank(4, 6);
    const step = { top: Float64Array.of(5, 1, 1, Number.NaN), bottom: Float64Array.of(5, 5, 1, Number.NaN) };
    raster.line(step, WHITE, 2, 0);
    expect(rows(raster)).toEqual([
      [127, 255, 255, 0],
      [127, 255, 255, 0],
      [127, 255, 127, 0],
      [127, 255, 127, 0],
      [255, 255, 127, 0],
      [255, 255, 127, 0],
    ]);
  });

  test("draws dots that are round and where they should be", () => {
    const raster = blank(9, 9);
    raster.dot(4.5, 4.5, 2.5, WHITE);
    const lit = rows(raster);
    expect(lit[4]![4]).toBe(255);
    expect(lit[4]![0]).toBe(0);
    for (const row of lit) expect(row).toEqual([...row].reverse());
    expect(lit).toEqual([...lit].reverse());
  });
});
