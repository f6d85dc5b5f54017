import {
  circuitAt,
  circuitSpeed,
  DRAG_PER_KG,
  driveLimit,
  GRAVITY,
  gripLimit,
  LAP_M,
  PIT_BOX_M,
  PIT_ENTRY_M,
  PIT_EXIT_M,
} from "./car-circuit.ts";
import { seededRandom } from "./car-random.ts";
import { type Car, newCar, settle } from "./car-state.ts";

export const STEP_MS = 10;
const STEP_S = STEP_MS / 1000;

/** The car comes in at the end of every fifth lap. */
const LAPS_BETWEEN_STOPS = 5;
const STOP_S = 2.4;
/** Far from the pits, where a lap with a stop and one without are equally fast. */
const PIT_DECISION_M = LAP_M / 2;
const FULL_TANK_KG = 60;
const REFUEL_KG_PER_S = 20;
const BURN_KG_PER_S = 0.028;

/** Speed at which each gear reaches `SHIFT_RPM`, in m/s; the first is neutral's, which turns no wheel. */
const GEAR_SPEEDS = [0, 24, 34, 44, 54, 65, 76, 86, 96];
const SHIFT_RPM = 12_000;
const IDLE_RPM = 4_000;
const SHIFT_PAUSE_S = 0.08;

const DRS_ZONES_M = [
  [150, 1230],
  [2330, 2560],
  [3850, 4120],
] as const;
const ERS_CAPACITY_J = 4e6;
const ERS_POWER_W = 120_000;

/** What just happened; numbers are raw values of the event's conversions. */
export type CarEvent =
  | { name: "gearChange"; values: readonly [from: number, to: number] }
  | { name: "drs"; values: readonly [state: number] }
  | { name: "lapStart"; lap: number; lapTimeS: number }
  | { name: "pitIn" | "pitOut" };

/** A car on the circuit, from a stop in the pit box on. The same seed gives the same drive. */
export class CarSimulation {
  readonly car: Car;
  readonly #random: () => number;
  #events: CarEvent[] = [];
  #pitLap = true;
  #stopLeftS = 1;
  #pace = 1;
  #paceGoal = 1;
  #lapTimeS = 0;
  #sinceShiftS = SHIFT_PAUSE_S;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.car = newCar(FULL_TANK_KG, PIT_BOX_M);
  }

  /** Drives on for `STEP_MS` and returns what happened. */
  step(): readonly CarEvent[] {
    this.#events = [];
    this.#drive();
    this.#shift();
    this.#useWings();
    this.#useEnergy();
    settle(this.car, STEP_S, this.#random);
    return this.#events;
  }

  #drive(): void {
    const car = this.car;
    const stopped = this.#stopLeftS > 0 && this.#pitLap && Math.abs(car.lapDistanceM - PIT_BOX_M) < 5;
    this.#pace += (this.#paceGoal - this.#pace) * STEP_S;
    const goal = stopped ? 0 : circuitSpeed(car.lapDistanceM, this.#pitLap) * this.#pace;
    const acceleration = clamp((goal - car.speed) / STEP_S, -60, stopped ? 0 : driveLimit(car.speed));
    car.speed = Math.max(car.speed + acceleration * STEP_S, 0);
    if (stopped) this.#serve();
    this.#advance(car.speed * STEP_S);

    const { curvaturePerM, xM, yM, zM, headingRad } = circuitAt(car.lapDistanceM);
    Object.assign(car, { xM, yM, zM, headingRad });
    const demand = acceleration + DRAG_PER_KG * car.speed ** 2;
    const throttle = stopped ? 0 : clamp((100 * demand) / driveLimit(car.speed), 0, 100);
    const brake = stopped ? 25 : clamp((-140 * demand) / gripLimit(car.speed), 0, 160);
    approach(car, "throttle", throttle, 0.06);
    approach(car, "brakeBar", brake, 0.04);
    approach(car, "gLong", acceleration / GRAVITY, 0.08);
    approach(car, "gLat", (car.speed ** 2 * curvaturePerM) / GRAVITY, 0.04);
    approach(car, "steeringDeg", curvaturePerM * 2600, 0.05);
    car.fuelKg -= (BURN_KG_PER_S * car.throttle * STEP_S) / 100;
    car.runTimeS += STEP_S;
  }

  #serve(): void {
    this.#stopLeftS -= STEP_S;
    this.car.fuelKg = Math.min(this.car.fuelKg + REFUEL_KG_PER_S * STEP_S, FULL_TANK_KG);
  }

  #advance(metres: number): void {
    const car = this.car;
    const before = car.lapDistanceM;
    const passes = (point: number) => before < point && before + metres >= point;
    this.#lapTimeS += STEP_S;
    car.lapDistanceM += metres;
    if (passes(PIT_EXIT_M) && this.#pitLap) this.#events.push({ name: "pitOut" });
    if (passes(PIT_DECISION_M)) {
      this.#pitLap = car.lap % LAPS_BETWEEN_STOPS === 0;
      if (this.#pitLap) this.#stopLeftS = STOP_S;
    }
    if (passes(PIT_ENTRY_M) && this.#pitLap) this.#events.push({ name: "pitIn" });
    if (passes(LAP_M)) {
      car.lapDistanceM -= LAP_M;
      car.lap += 1;
      this.#events.push({ name: "lapStart", lap: car.lap, lapTimeS: this.#lapTimeS });
      this.#lapTimeS = 0;
      this.#paceGoal = 0.985 + 0.015 * this.#random();
    }
    car.pitLimiter = this.#pitLap && (car.lapDistanceM > PIT_ENTRY_M || car.lapDistanceM < PIT_EXIT_M);
  }

  #shift(): void {
    const car = this.car;
    this.#sinceShiftS += STEP_S;
    const goal = nextGear(car);
    if (goal !== car.gear && this.#sinceShiftS >= SHIFT_PAUSE_S) {
      this.#events.push({ name: "gearChange", values: [car.gear, goal] });
      car.gear = goal;
      this.#sinceShiftS = 0;
    }
    const rpm = car.gear === 0 ? IDLE_RPM : (SHIFT_RPM * car.speed) / GEAR_SPEEDS[car.gear]!;
    approach(car, "rpm", Math.max(rpm, IDLE_RPM) + 40 * (this.#random() - 0.5), 0.03);
  }

  #useWings(): void {
    const car = this.car;
    car.drsAvailable =
      car.lap > 1 &&
      !this.#pitLap &&
      DRS_ZONES_M.some(([from, to]) => car.lapDistanceM > from && car.lapDistanceM < to);
    const open = car.drsAvailable && (car.drsOpen ? car.throttle > 60 : car.throttle > 95 && car.speed > 50);
    if (open !== car.drsOpen) this.#events.push({ name: "drs", values: [Number(open)] });
    car.drsOpen = open;
  }

  #useEnergy(): void {
    const car = this.car;
    const deploys = car.throttle > 90 && car.speed > 40 && car.speed < 80 && car.ersCharge > 5;
    const harvests = car.brakeBar > 5 && car.ersCharge < 99;
    approach(car, "ersPowerW", deploys ? ERS_POWER_W : harvests ? -ERS_POWER_W : 0, 0.1);
    // What the turbine gives at full throttle makes up for the rest of the lap.
    const turbineW = car.throttle > 90 && car.ersCharge < 99 ? 30_000 : 0;
    car.ersCharge += (100 * (turbineW - car.ersPowerW) * STEP_S) / ERS_CAPACITY_J;
  }
}

function nextGear({ gear, speed }: Car): number {
  if (speed < 0.5) return 0;
  if (gear === 0) return 1;
  if (gear < GEAR_SPEEDS.length - 1 && speed > 0.97 * GEAR_SPEEDS[gear]!) return gear + 1;
  if (gear > 1 && speed < 0.85 * GEAR_SPEEDS[gear - 1]!) return gear - 1;
  return gear;
}

type Measure = "throttle" | "brakeBar" | "gLong" | "gLat" | "steeringDeg" | "rpm" | "ersPowerW";

/** First-order lag towards a goal. */
function approach(car: Car, measure: Measure, goal: number, lagS: number): void {
  car[measure] += (goal - car[measure]) * (STEP_S / (lagS + STEP_S));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
