/** Front left, front right, rear left, rear right. */
export type Wheels = [number, number, number, number];

/** Everything the car measures at one instant. */
export interface Car {
  lap: number;
  lapDistanceM: number;
  runTimeS: number;
  /** m/s */
  speed: number;
  gear: number;
  rpm: number;
  /** Percent. */
  throttle: number;
  brakeBar: number;
  /** At the steering wheel, positive to the left. */
  steeringDeg: number;
  gLat: number;
  gLong: number;
  gVert: number;
  wheelSpeeds: Wheels;
  tyreTemperatures: Wheels;
  brakeTemperatures: Wheels;
  rideHeightsMm: Wheels;
  xM: number;
  yM: number;
  zM: number;
  headingRad: number;
  fuelKg: number;
  waterTemperature: number;
  oilTemperature: number;
  oilBar: number;
  drsAvailable: boolean;
  drsOpen: boolean;
  pitLimiter: boolean;
  /** Percent. */
  ersCharge: number;
  /** Positive when it drives the car. */
  ersPowerW: number;
}

/** A car at rest. Temperatures in °C. */
export function newCar(fuelKg: number, lapDistanceM: number): Car {
  return {
    lap: 1,
    lapDistanceM,
    runTimeS: 0,
    speed: 0,
    gear: 0,
    rpm: 4000,
    throttle: 0,
    brakeBar: 25,
    steeringDeg: 0,
    gLat: 0,
    gLong: 0,
    gVert: 1,
    wheelSpeeds: [0, 0, 0, 0],
    tyreTemperatures: [80, 80, 80, 80],
    brakeTemperatures: [200, 200, 180, 180],
    rideHeightsMm: [35, 35, 60, 60],
    xM: 0,
    yM: 0,
    zM: 0,
    headingRad: 0,
    fuelKg,
    waterTemperature: 90,
    oilTemperature: 95,
    oilBar: 4,
    drsAvailable: false,
    drsOpen: false,
    pitLimiter: true,
    ersCharge: 80,
    ersPowerW: 0,
  };
}

/** Lets wheels, temperatures and suspension follow what the car does, for `stepS` seconds. */
export function settle(car: Car, stepS: number, random: () => number): void {
  /** Two uniform numbers make a triangle in (-1, 1): bounded, unlike the bell curve. */
  const noise = () => random() - random();
  const { speed, gLat, gLong, brakeBar, throttle } = car;
  const shaking = (speed / 80) * (Math.abs(gLat) > 3 ? 0.5 : 0.2);
  car.gVert = 1 + shaking * noise();

  for (const wheel of [0, 1, 2, 3] as const) {
    const front = wheel < 2;
    /** Turning left, to positive lateral g, loads the right side. */
    const side = wheel % 2 === 0 ? -1 : 1;
    const load = 1 + side * 0.12 * gLat - (front ? 0.08 : -0.08) * gLong;
    const slip = front ? -0.0002 * brakeBar : 0.00015 * throttle;
    car.wheelSpeeds[wheel] = speed * (1 + slip + side * 0.002 * gLat) + (speed > 1 ? 0.05 * noise() : 0);

    const tyreGoal = 72 + 14 * load * Math.hypot(gLat, gLong) + 0.12 * speed;
    car.tyreTemperatures[wheel] += ((tyreGoal - car.tyreTemperatures[wheel]) * stepS) / 9;

    const heating = (front ? 0.055 : 0.04) * brakeBar * speed;
    const cooling = (car.brakeTemperatures[wheel] - 120) * (0.02 + 0.0016 * speed);
    car.brakeTemperatures[wheel] += (heating - cooling) * stepS;

    const standing = front ? 35 - 0.0014 * speed ** 2 : 60 - 0.0024 * speed ** 2;
    const heightGoal = standing + (front ? 1.4 : -1.4) * gLong - side * 1.1 * gLat + 15 * shaking * noise();
    car.rideHeightsMm[wheel] += (heightGoal - car.rideHeightsMm[wheel]) * (stepS / (0.05 + stepS));
  }

  car.waterTemperature += ((86 + 0.3 * throttle - 0.12 * speed - car.waterTemperature) * stepS) / 30;
  car.oilTemperature += ((92 + 0.35 * throttle - 0.08 * speed - car.oilTemperature) * stepS) / 45;
  car.oilBar += ((1.5 + car.rpm / 2400 - car.oilBar) * stepS) / 0.2;
}
