import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { compress } from "../../src/wire/lz4.ts";
import { Audience } from "../load/audience.ts";
import { joinAtOnce } from "../load/crowd.ts";
import { Probe, writeInTurn } from "../load/probe.ts";
import { telemetryBursts } from "../load/telemetry.ts";
import { Viewers } from "../load/viewers.ts";
import { type Figure, interleave, median, type PartContext } from "../part.ts";
import { residentBytes } from "../stage/process.ts";
import { openStream, type Stage, setStage } from "../stage/stage.ts";
import { type Subject, startFloor, startService } from "../stage/workerd.ts";

export const title = "Scale of one object";

const CHANNELS = Array.from({ length: 10 }, (_, i) => i + 1);
const ENTRIES = telemetryBursts(100, 50).map((burst) => ({ data: Buffer.from(compress(burst)) }));

/** As many bursts a second as one core can send to all of them. The last three are large enough to compare what a frame costs. */
const CROWDS = [
  { viewers: 1, perSecond: 10 },
  { viewers: 10, perSecond: 10 },
  { viewers: 100, perSecond: 10 },
  { viewers: 1_000, perSecond: 10 },
  { viewers: 5_000, perSecond: 2 },
] as const;

export async function run({ short, log }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  try {
    log("memory");
    const memory = await memoryOfIdle(stage, short ? 300 : 5_000);
    log("CPU");
    const cpu = await scaleOfFrames(stage, short);
    log("a crowd that joins");
    const stall = await stallWhileJoining(stage, short);
    return [...cpu, memory, stall];
  } finally {
    await stage.stop();
  }
}

/** What frames and commands cost for each crowd, and frames with the floor. */
async function scaleOfFrames(stage: Stage, short: boolean): Promise<Figure[]> {
  const crowds = short ? [CROWDS[0], CROWDS[2]] : CROWDS;
  const service = await costOfFrames(stage, startService, crowds, short);
  const floor = short ? null : await costOfFrames(stage, startFloor, crowds, short);
  const each = (values: readonly number[], unit: string): Record<string, number> =>
    Object.fromEntries(crowds.map(({ viewers }, i) => [`${viewers} viewers${unit}`, values[i]!]));
  const large = crowds.slice(-3).map(({ viewers }) => viewers);
  const flatness = ({ furtherUs }: CostOfFrames): number =>
    Math.max(...furtherUs.slice(-3)) / Math.min(...furtherUs.slice(-3));
  const figures: Figure[] = [];
  if (floor) {
    figures.push({
      name: `CPU for a further viewer's frame, most / least of ${large} viewers`,
      unit: "x",
      values: [flatness(service)],
      target: { atMost: 1.25 },
      beside: {
        "floor, x": flatness(floor),
        ...each(service.furtherUs, ", a further one, us"),
        ...each(floor.furtherUs, " of the floor, a further one, us"),
        ...each(service.frameUs, ", all / frames, us"),
      },
    });
  }
  figures.push({
    name: `commands of all sessions, ${crowds.at(-1)!.viewers} viewers / ${crowds[0].viewers} viewer`,
    unit: "x",
    values: [service.commandsPerSecond.at(-1)! / service.commandsPerSecond[0]!],
    beside: each(service.commandsPerSecond, ", a second"),
  });
  return figures;
}

/** Medians, by crowd. */
interface CostOfFrames {
  /** CPU of a burst for all who watch, divided by them. */
  readonly frameUs: readonly number[];
  /** CPU that a further viewer costs for a burst: without what a burst costs however many there are. */
  readonly furtherUs: readonly number[];
  readonly commandsPerSecond: readonly number[];
}

/** For each crowd in turn, the whole again and again; in a process each, for silent crowds cost something as well. */
async function costOfFrames(
  stage: Stage,
  start: (stage: Stage) => Promise<Subject>,
  crowds: readonly (typeof CROWDS)[number][],
  short: boolean,
): Promise<CostOfFrames> {
  const subjects: Subject[] = [];
  try {
    const audiences: Audience[] = [];
    for (const { viewers, perSecond } of crowds) {
      const subject = await start(stage);
      subjects.push(subject);
      const options = { identity: `${start.name}-${viewers}`, viewers, perSecond, channels: () => CHANNELS };
      audiences.push(await Audience.gather(stage, subject, { ...options, entries: ENTRIES }));
    }
    const frameUs: number[][] = crowds.map(() => []);
    const commands: number[][] = crowds.map(() => []);
    for (let round = 0; round < (short ? 2 : 6); round++) {
      for (const [i, { perSecond }] of crowds.entries()) {
        const seconds = short ? 1 : 5;
        const [callsBefore, startMs] = [await stage.serviceCalls(), Date.now()];
        const { cpuMs, frames } = await audiences[i]!.round(seconds * perSecond);
        const tookS = (Date.now() - startMs) / 1000;
        if (round === 0) continue;
        frameUs[i]!.push((1_000 * cpuMs) / frames);
        commands[i]!.push(((await stage.serviceCalls()) - callsBefore) / tookS);
      }
    }
    for (const audience of audiences) audience.leave();
    const medians = frameUs.map(median);
    const further = crowds.map(
      ({ viewers }, i) => (viewers * medians[i]! - medians[0]!) / Math.max(1, viewers - 1),
    );
    return { frameUs: medians, furtherUs: further, commandsPerSecond: commands.map(median) };
  } finally {
    await Promise.all(subjects.map((subject) => subject.stop()));
  }
}

/** Of viewers of a silent session, what each adds to the process; and of what is no viewer yet. */
async function memoryOfIdle(stage: Stage, count: number): Promise<Figure> {
  type Connect = (count: number, url: string) => Promise<{ close(): void }>;
  const each = async (subject: Subject, connect: Connect): Promise<number> => {
    const warm = await connect(10, subject.url);
    await sleep(1_000);
    const before = residentBytes(subject.pid);
    const all = await connect(count, subject.url);
    await sleep(2_000);
    const bytes = residentBytes(subject.pid) - before;
    for (const connected of [warm, all]) connected.close();
    await subject.stop();
    return bytes / count / 1024;
  };
  const identity = "memory";
  await openStream(stage, identity);
  const viewers: Connect = (many, url) => Viewers.connect(many, { url, identity, channels: () => CHANNELS });
  const service = await each(await startService(stage), viewers);
  const floor = await each(await startFloor(stage), viewers);
  const request = await each(await startFloor(stage), connectOverHttp);
  return {
    name: `memory for each of ${count} idle viewers`,
    unit: "KiB",
    values: [service],
    target: { atMost: 20 },
    beside: {
      "floor, KiB": floor,
      "beyond the floor, KiB": service - floor,
      "a connection that asked the floor once over HTTP, KiB": request,
    },
  };
}

/** Connections that made one request and stay open: what a viewer is before its upgrade. */
async function connectOverHttp(count: number, url: string): Promise<{ close(): void }> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i++) {
    const socket = createConnection(Number(port), hostname);
    socket.write(`GET / HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
    await once(socket, "data");
    sockets.push(socket);
  }
  return {
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** The longest that a viewer of a live session waits while a crowd joins and is sent a minute of history. */
async function stallWhileJoining(stage: Stage, short: boolean): Promise<Figure> {
  const viewers = short ? 200 : 1_000;
  const crowds = {
    service: await Joining.prepare(stage, await startService(stage), "crowd-service", true),
    floor: await Joining.prepare(stage, await startFloor(stage), "crowd-floor", false),
  };
  try {
    const measured = {
      service: () => crowds.service.round(viewers),
      floor: () => crowds.floor.round(viewers),
    };
    const longest = await interleave({ warmUps: short ? 0 : 1, rounds: short ? 1 : 4 }, measured);
    return {
      name: `longest wait of a live viewer while ${viewers} join, with a minute of history`,
      unit: "ms",
      values: longest.service,
      target: { atMost: 250 },
      beside: {
        "while they join the floor, without history, ms": median(longest.floor),
        "without them, ms": median(crowds.service.quiet),
        "sent to them, MB": crowds.service.sentBytes / 1e6,
      },
    };
  } finally {
    await Promise.all([crowds.service.end(), crowds.floor.end()]);
  }
}

/** A live session that a crowd joins again and again. */
class Joining {
  /** The longest wait before each crowd came, ms. */
  readonly quiet: number[] = [];
  sentBytes = 0;
  readonly #subject: Subject;
  readonly #identity: string;
  readonly #history: boolean;
  readonly #probe: Probe;

  private constructor(subject: Subject, identity: string, history: boolean, probe: Probe) {
    this.#subject = subject;
    this.#identity = identity;
    this.#history = history;
    this.#probe = probe;
  }

  static async prepare(stage: Stage, subject: Subject, identity: string, history: boolean): Promise<Joining> {
    const id = await openStream(stage, identity);
    const key = `stream:${identity}`;
    const fromMs = Date.now() - 60_000;
    await stage.redis.del(key);
    for (let i = 0; i < 600; i++) {
      await stage.redis.xAdd(key, `${fromMs + 100 * i}-0`, { id, ...ENTRIES[i % ENTRIES.length] });
    }
    return new Joining(subject, identity, history, await Probe.start(stage, subject.url, identity));
  }

  /** The longest wait while they join, ms. */
  async round(viewers: number): Promise<number> {
    const write = [(dueMs: number) => this.#probe.write(dueMs)];
    // Until those of the round before have left.
    await writeInTurn(3, write);
    await this.#longest();
    await writeInTurn(3, write);
    this.quiet.push(await this.#longest());
    let joined = false;
    const { url } = this.#subject;
    const asked = { url, identity: this.#identity, channels: CHANNELS, history: this.#history };
    const crowd = joinAtOnce({ ...asked, viewers }).finally(() => {
      joined = true;
    });
    while (!joined) await writeInTurn(1, write);
    this.sentBytes = await crowd;
    return this.#longest();
  }

  async #longest(): Promise<number> {
    await this.#probe.caughtUp();
    return Math.max(...this.#probe.take());
  }

  async end(): Promise<void> {
    this.#probe.close();
    await this.#subject.stop();
  }
}
