import { type CarChannel, channel, eachWheel } from "./car-channel.ts";
import type { Car } from "./car-state.ts";

/** The application that owns parameters, conversions and events of the car. */
export const APP = "Car";

/** The bits of the channel `CarStatus`, lowest first. Each has a parameter of its own, by shift and mask. */
export const STATUS_BITS = [
  { name: "BPitLimiter", desc: "Pit limiter on", read: (car: Car) => car.pitLimiter },
  { name: "BDRSAvailable", desc: "Car in a DRS zone", read: (car: Car) => car.drsAvailable },
  { name: "BBrakeLight", desc: "Brakes applied", read: (car: Car) => car.brakeBar > 2 },
  { name: "BERSHarvest", desc: "Energy being harvested", read: (car: Car) => car.ersPowerW < -1000 },
] as const;

const KMH = 3.6;
/** Where the start line lies, in degrees. */
const ORIGIN = { latitude: 46.5, longitude: 3.25 };
const METRES_PER_DEGREE = 111_320;
const METRES_PER_DEGREE_EAST = METRES_PER_DEGREE * Math.cos((ORIGIN.latitude * Math.PI) / 180);

const count = { source: "periodic", hz: 10, scale: 1, unit: "", format: "%d" } as const;
const fast = { source: "periodic", hz: 100, scale: 1, type: "f32", format: "%.2f" } as const;
const acceleration = { ...fast, group: "Chassis", unit: "g" } as const;
const temperature = { type: "s16", scale: 0.1, unit: "°C", format: "%.1f" } as const;
const position = { ...fast, group: "Position", hz: 50, unit: "m" } as const;
const gps = { source: "row", hz: 20, scale: 1, group: "Position" } as const;
const degrees = { ...gps, type: "f64", unit: "°", format: "%.7f" } as const;
const driver = { ...fast, group: "Driver", type: "u16", scale: 0.01, unit: "%", format: "%.1f" } as const;
const engine = { ...count, group: "Engine", type: "f32", format: "%.1f" } as const;
const fluid = { ...temperature, source: "timestamped", hz: 10, group: "Engine" } as const;

/** A channel's id in the configuration is its index here. */
export const CHANNELS: readonly CarChannel[] = [
  channel("vCar", "Car speed", (car) => car.speed * KMH, {
    ...fast,
    group: "Chassis",
    type: "f64",
    unit: "km/h",
    limits: [0, 350],
    warn: [0, 340],
  }),
  channel("nEngine", "Engine speed", (car) => car.rpm, {
    ...engine,
    type: "u16",
    scale: 0.25,
    unit: "rpm",
    format: "%.0f",
    hz: 100,
    limits: [0, 13_000],
    warn: [0, 12_500],
  }),
  channel("NGear", "Gear", (car) => car.gear, {
    ...count,
    group: "Driver",
    type: "u8",
    texts: "gear",
    hz: 50,
    limits: [0, 8],
  }),
  channel("rThrottle", "Throttle pedal", (car) => car.throttle, { ...driver, limits: [0, 100] }),
  channel("pBrake", "Brake pressure", (car) => car.brakeBar, {
    ...driver,
    type: "f32",
    scale: 1,
    unit: "bar",
    limits: [0, 160],
  }),
  channel("aSteering", "Steering wheel angle, positive to the left", (car) => car.steeringDeg, {
    ...driver,
    type: "s16",
    scale: 0.1,
    unit: "°",
    limits: [-180, 180],
  }),
  channel("gLat", "Lateral acceleration, positive to the left", (car) => car.gLat, {
    ...acceleration,
    limits: [-6, 6],
    warn: [-5, 5],
  }),
  channel("gLong", "Longitudinal acceleration, positive forwards", (car) => car.gLong, {
    ...acceleration,
    limits: [-7, 4],
    warn: [-6, 3],
  }),
  channel("gVert", "Vertical acceleration", (car) => car.gVert, { ...acceleration, limits: [-1, 3] }),
  ...eachWheel("vWheel", "Wheel speed", (car, wheel) => car.wheelSpeeds[wheel]! * KMH, {
    ...fast,
    group: "Chassis",
    type: "u16",
    scale: 0.01,
    unit: "km/h",
    hz: 50,
    limits: [0, 400],
  }),
  ...eachWheel("TTyre", "Tyre carcass temperature", (car, wheel) => car.tyreTemperatures[wheel]!, {
    ...temperature,
    source: "periodic",
    hz: 10,
    group: "Tyres",
    limits: [0, 150],
    warn: [70, 130],
  }),
  ...eachWheel("TBrake", "Brake disc temperature", (car, wheel) => car.brakeTemperatures[wheel]!, {
    ...temperature,
    source: "timestamped",
    hz: 20,
    group: "Brakes",
    limits: [0, 1200],
    warn: [0, 1000],
  }),
  ...eachWheel("hRide", "Ride height", (car, wheel) => car.rideHeightsMm[wheel]!, {
    ...fast,
    group: "Chassis",
    unit: "mm",
    format: "%.1f",
    limits: [0, 80],
    warn: [5, 75],
  }),
  channel("NGPSLatitude", "Latitude", (car) => ORIGIN.latitude + car.yM / METRES_PER_DEGREE, {
    ...degrees,
    limits: [46.495, 46.51],
  }),
  channel("NGPSLongitude", "Longitude", (car) => ORIGIN.longitude + car.xM / METRES_PER_DEGREE_EAST, {
    ...degrees,
    limits: [3.24, 3.28],
  }),
  channel("hGPS", "Height above the start line", (car) => car.zM, {
    ...gps,
    type: "f32",
    unit: "m",
    format: "%.2f",
    limits: [-50, 50],
  }),
  channel(
    "aGPSHeading",
    "Heading, clockwise from north",
    (car) => (450 - (car.headingRad * 180) / Math.PI) % 360,
    { ...gps, type: "u16", scale: 0.01, unit: "°", format: "%.2f", limits: [0, 360] },
  ),
  channel("NGPSSatellites", "Satellites in use", () => 14, {
    ...gps,
    type: "u8",
    unit: "",
    format: "%d",
    limits: [0, 32],
    warn: [4, 32],
  }),
  channel("xCar", "Position east of the start line", (car) => car.xM, { ...position, limits: [-500, 2000] }),
  channel("yCar", "Position north of the start line", (car) => car.yM, { ...position, limits: [-500, 1500] }),
  channel("sLap", "Distance in the lap", (car) => car.lapDistanceM, {
    ...position,
    type: "f64",
    format: "%.1f",
    limits: [0, 5300],
  }),
  channel("NLap", "Lap number", (car) => car.lap, {
    ...count,
    group: "Position",
    type: "u16",
    limits: [0, 65_535],
  }),
  channel("mFuel", "Fuel in the tank", (car) => car.fuelKg, {
    ...engine,
    unit: "kg",
    limits: [0, 110],
    warn: [5, 110],
  }),
  channel("TWater", "Water temperature", (car) => car.waterTemperature, {
    ...fluid,
    limits: [0, 140],
    warn: [60, 120],
  }),
  channel("TOil", "Oil temperature", (car) => car.oilTemperature, {
    ...fluid,
    limits: [0, 150],
    warn: [60, 135],
  }),
  channel("pOil", "Oil pressure", (car) => car.oilBar, {
    ...fluid,
    type: "u16",
    scale: 0.01,
    unit: "bar",
    format: "%.2f",
    limits: [0, 10],
    warn: [1.5, 9],
  }),
  channel("NDRS", "Drag reduction wing", (car) => Number(car.drsOpen), {
    ...count,
    group: "Driver",
    type: "u8",
    texts: "drs",
    hz: 20,
    limits: [0, 1],
  }),
  channel("rERSCharge", "Energy store charge", (car) => car.ersCharge, {
    ...engine,
    unit: "%",
    limits: [0, 100],
    warn: [10, 100],
  }),
  channel("PERS", "Energy store power, positive when it drives", (car) => car.ersPowerW, {
    ...engine,
    type: "s32",
    unit: "W",
    format: "%d",
    hz: 50,
    limits: [-150_000, 150_000],
  }),
  channel("CarStatus", "Status bits", statusBits, {
    ...count,
    group: "Status",
    type: "u32",
    format: "%x",
    limits: [0, 2 ** STATUS_BITS.length - 1],
  }),
  channel("tRun", "Time since the start", (car) => car.runTimeS, {
    ...count,
    group: "Status",
    type: "u32",
    scale: 0.001,
    unit: "s",
    format: "%.3f",
    limits: [0, 4_294_967],
  }),
];

function statusBits(car: Car): number {
  return STATUS_BITS.reduce((bits, { read }, bit) => bits | (Number(read(car)) << bit), 0);
}
