import { data, numbered } from "./bursts.ts";
import { type DriverOptions, type FakeSocket, SessionDriver } from "./session-driver.ts";

/** `[0, count)`: what a viewer has when it has everything. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

/** A session that has been running: every 100 ms an entry, sample i of channel 5 in the i-th. `write` goes on. */
export function withPast(
  count: number,
  options: DriverOptions = {},
): { driver: SessionDriver; write(): void } {
  const driver = new SessionDriver(options);
  driver.open();
  let number = 0;
  const write = (): void => {
    driver.redis.xadd("car", "7", data(numbered(5, number++)));
  };
  for (let i = 0; i < count; i++) {
    driver.nowMs += 100;
    write();
  }
  return { driver, write };
}

/** A viewer that asks for its channels at once. */
export async function subscribed(driver: SessionDriver, channelIds = [5]): Promise<FakeSocket> {
  const viewer = driver.connect();
  driver.subscribe(viewer, { channelIds });
  await driver.run(0);
  return viewer;
}

/** How often a command has been asked for. */
export const commands = (driver: SessionDriver, wanted: string): number =>
  driver.redis.commands.filter(([name]) => name === wanted).length;
