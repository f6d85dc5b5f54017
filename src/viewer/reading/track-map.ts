import { interpolate } from "./distance.ts";
import type { Series } from "./series.ts";

/** A place in metres, in a plane that is flat enough for a circuit. */
export interface Place {
  readonly eastM: number;
  readonly northM: number;
}

const METRES_PER_DEGREE = 111_320;

/** Longitude and latitude in degrees to metres from an origin; good to some metres over tens of kilometres. */
export function placeOfDegrees(
  longitude: number,
  latitude: number,
  origin: { readonly longitude: number; readonly latitude: number },
): Place {
  const parallel = Math.cos((origin.latitude * Math.PI) / 180);
  const east = ((((longitude - origin.longitude + 180) % 360) + 360) % 360) - 180;
  return {
    eastM: east * METRES_PER_DEGREE * parallel,
    northM: (latitude - origin.latitude) * METRES_PER_DEGREE,
  };
}

/** A rectangle around places, in metres. */
export interface Extent {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** The smallest rectangle around the places; null without any. */
export function extentOf(places: Iterable<Place>): Extent | null {
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { eastM, northM } of places) {
    west = Math.min(west, eastM);
    east = Math.max(east, eastM);
    south = Math.min(south, northM);
    north = Math.max(north, northM);
  }
  return west <= east ? { west, east, south, north } : null;
}

/** Maps places to pixels of a box: centred, north up, as large as fits inside a margin, the same scale both ways. */
export function projection(
  { west, east, south, north }: Extent,
  { width, height, margin }: { readonly width: number; readonly height: number; readonly margin: number },
): (place: Place) => { readonly x: number; readonly y: number } {
  const room = (size: number) => Math.max(size - 2 * margin, 1);
  const scale = Math.min(room(width) / Math.max(east - west, 1), room(height) / Math.max(north - south, 1));
  return ({ eastM, northM }) => ({
    x: width / 2 + (eastM - (west + east) / 2) * scale,
    y: height / 2 - (northM - (south + north) / 2) * scale,
  });
}

/** A place and when the car was there. */
export interface Passage {
  readonly time: number;
  readonly place: Place;
}

/**
 * Where the car was at each sample of the one coordinate, with the other between its own samples. Left out: what is no
 * number, gaps of the other coordinate longer than `gap`, and 0, 0, which is what receivers say without a fix.
 */
export function passagesOf(
  across: Series,
  along: Series,
  gap: number,
  toPlace: (across: number, along: number) => Place,
): Passage[] {
  const passages: Passage[] = [];
  for (const [index, time] of across.times.entries()) {
    const x = across.values[index] as number;
    const y = interpolate(along, time, gap);
    if (!Number.isFinite(x) || !Number.isFinite(y) || (x === 0 && y === 0)) continue;
    passages.push({ time, place: toPlace(x, y) });
  }
  return passages;
}
