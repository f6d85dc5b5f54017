/** An invented circuit: where it runs, and how fast a car can go round it. SI units throughout. */

export const LAP_M = 5200;
/** The pit lane shares the main straight: from here over the line to `PIT_EXIT_M`. */
export const PIT_ENTRY_M = 4850;
export const PIT_BOX_M = 60;
export const PIT_EXIT_M = 330;
export const GRAVITY = 9.81;

const STEP_M = 2;
const POINTS = LAP_M / STEP_M;
const TOP_SPEED = 92;
const PIT_SPEED = 80 / 3.6;
const BOX_SPEED = 4;
/** Tyre grip, and how much of it downforce adds for each (m/s)² of speed. */
const GRIP = 1.7;
const DOWNFORCE_PER_KG = 0.0022;
const POWER_PER_KG = 850;
export const DRAG_PER_KG = 0.0011;

/** Corners and straights as a closed polygon, in units of no meaning: the curve through it is scaled to a lap. */
const SHAPE: readonly (readonly [number, number])[] = [
  [0, 0],
  [160, 0],
  [320, 0],
  [480, 2],
  [600, 8],
  [650, 32],
  [648, 82],
  [600, 108],
  [588, 160],
  [632, 212],
  [700, 240],
  [760, 282],
  [768, 312],
  [742, 326],
  [660, 318],
  [560, 312],
  [470, 322],
  [415, 375],
  [345, 412],
  [282, 398],
  [268, 352],
  [306, 305],
  [322, 262],
  [292, 230],
  [200, 214],
  [120, 226],
  [60, 246],
  [10, 228],
  [-50, 205],
  [-88, 168],
  [-92, 110],
  [-130, 70],
  [-125, 22],
  [-80, 2],
];

/** The circuit at one distance from the start line. */
export interface CircuitPoint {
  /** East and north of the start line, and up. */
  xM: number;
  yM: number;
  zM: number;
  /** Anticlockwise from east, in [-π, π]. */
  headingRad: number;
  /** Positive to the left. */
  curvaturePerM: number;
}

const { xs, ys } = layOut();
const curvatures = smooth(curvature(), 4);
const racingSpeeds = speedProfile(() => TOP_SPEED);
const pitSpeeds = speedProfile((distanceM) => {
  if (distanceM > PIT_EXIT_M && distanceM < PIT_ENTRY_M) return TOP_SPEED;
  return Math.abs(distanceM - PIT_BOX_M) < 4 * STEP_M ? BOX_SPEED : PIT_SPEED;
});

/** Everything is continuous in `distanceM`, over the start line too. */
export function circuitAt(distanceM: number): CircuitPoint {
  const along = (2 * Math.PI * distanceM) / LAP_M;
  const xM = interpolate(xs, distanceM);
  const yM = interpolate(ys, distanceM);
  const ahead = distanceM + STEP_M;
  return {
    xM,
    yM,
    zM: 7 * Math.sin(along) + 3 * Math.sin(3 * along + 1),
    headingRad: Math.atan2(interpolate(ys, ahead) - yM, interpolate(xs, ahead) - xM),
    curvaturePerM: interpolate(curvatures, distanceM),
  };
}

/** The speed of a clean lap, in m/s; `inPit`: of one that comes in, and slows to a crawl at the box. */
export function circuitSpeed(distanceM: number, inPit: boolean): number {
  return interpolate(inPit ? pitSpeeds : racingSpeeds, distanceM);
}

/** What the engine gives at a speed before drag, in m/s². */
export function driveLimit(speed: number): number {
  return Math.min(0.8 * gripLimit(speed), POWER_PER_KG / Math.max(speed, 1));
}

/** What the tyres can take at a speed, in m/s², in any direction. */
export function gripLimit(speed: number): number {
  return GRIP * (GRAVITY + DOWNFORCE_PER_KG * speed ** 2);
}

function layOut() {
  const fine: [number, number][] = [];
  for (let corner = 0; corner < SHAPE.length; corner += 1) {
    for (let part = 0; part < 100; part += 1) fine.push(curveThrough(corner, part / 100));
  }
  const lengths = fine.map(([x, y], index) => {
    const [nextX, nextY] = fine[(index + 1) % fine.length]!;
    return Math.hypot(nextX - x, nextY - y);
  });
  const scale = LAP_M / lengths.reduce((sum, length) => sum + length, 0);
  const xs = new Float64Array(POINTS);
  const ys = new Float64Array(POINTS);
  let passed = 0;
  let index = 0;
  for (let point = 0; point < POINTS; point += 1) {
    while (passed + lengths[index]! * scale < point * STEP_M) {
      passed += lengths[index]! * scale;
      index += 1;
    }
    xs[point] = fine[index]![0] * scale;
    ys[point] = fine[index]![1] * scale;
  }
  return { xs: smooth(xs, 7), ys: smooth(ys, 7) };
}

/** Catmull-Rom between one corner and the next, at `part` of the way. */
function curveThrough(corner: number, part: number): [number, number] {
  const shapeAt = (offset: number) => SHAPE[(corner + offset + SHAPE.length) % SHAPE.length]!;
  const along = (axis: 0 | 1) => {
    const [a, b, c, d] = [shapeAt(-1)[axis], shapeAt(0)[axis], shapeAt(1)[axis], shapeAt(2)[axis]];
    const cubic = -a + 3 * b - 3 * c + d;
    return 0.5 * (2 * b + part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * cubic)));
  };
  return [along(0), along(1)];
}

function curvature(): Float64Array {
  return xs.map((x, point) => {
    const previous = (point + POINTS - 1) % POINTS;
    const next = (point + 1) % POINTS;
    const [ax, ay] = [x - xs[previous]!, ys[point]! - ys[previous]!];
    const [bx, by] = [xs[next]! - x, ys[next]! - ys[point]!];
    return Math.atan2(ax * by - ay * bx, ax * bx + ay * by) / Math.hypot(bx, by);
  });
}

/** Averages each point with its neighbours `reach` to either side, three times over, round the lap. */
function smooth(values: Float64Array, reach: number): Float64Array {
  let smoothed = values;
  for (let round = 0; round < 3; round += 1) {
    const source = smoothed;
    smoothed = source.map((_, point) => {
      let sum = 0;
      for (let offset = -reach; offset <= reach; offset += 1) {
        sum += source[(point + offset + POINTS) % POINTS]!;
      }
      return sum / (2 * reach + 1);
    });
  }
  return smoothed;
}

/** Corner speeds first, then what brakes and engine can reach from them; twice round, as the lap is closed. */
function speedProfile(cap: (distanceM: number) => number): Float64Array {
  const speeds = curvatures.map((curvature, point) => {
    const downforceShare = GRIP * DOWNFORCE_PER_KG;
    const corner = Math.abs(curvature) - downforceShare;
    const limit = corner > 0 ? Math.sqrt((GRIP * GRAVITY) / corner) : TOP_SPEED;
    return Math.min(limit, cap(point * STEP_M));
  });
  for (let count = 0; count < 2 * POINTS; count += 1) {
    const point = count % POINTS;
    const next = (point + 1) % POINTS;
    const speed = speeds[point]!;
    const gain = driveLimit(speed) * sparedGrip(point, speed) - DRAG_PER_KG * speed ** 2;
    speeds[next] = Math.min(speeds[next]!, Math.sqrt(Math.max(speed ** 2 + 2 * gain * STEP_M, 1)));
  }
  for (let count = 2 * POINTS - 1; count >= 0; count -= 1) {
    const point = count % POINTS;
    const next = (point + 1) % POINTS;
    const speed = speeds[next]!;
    const loss = 0.9 * gripLimit(speed) * sparedGrip(next, speed) + DRAG_PER_KG * speed ** 2;
    speeds[point] = Math.min(speeds[point]!, Math.sqrt(speed ** 2 + 2 * loss * STEP_M));
  }
  return smooth(speeds, 3);
}

/** The part of the grip that cornering leaves for braking or driving. */
function sparedGrip(point: number, speed: number): number {
  const used = (speed ** 2 * Math.abs(curvatures[point]!)) / gripLimit(speed);
  return Math.sqrt(Math.max(1 - used ** 2, 0.02));
}

function interpolate(values: Float64Array, distanceM: number): number {
  const position = (((distanceM % LAP_M) + LAP_M) % LAP_M) / STEP_M;
  const point = Math.floor(position) % POINTS;
  const from = values[point]!;
  return from + (values[(point + 1) % POINTS]! - from) * (position - Math.floor(position));
}
