import { encodeItems } from "../../src/producer/index.ts";
import { ItemTable, walkBurst } from "../../src/wire/burst.ts";
import { compress } from "../../src/wire/lz4.ts";
import { Audience, type AudienceOptions } from "../load/audience.ts";
import { telemetryBursts } from "../load/telemetry.ts";
import { type Figure, interleave, median, type PartContext, ratios } from "../part.ts";
import { startNodeServer } from "../stage/node-server.ts";
import { type Stage, setStage } from "../stage/stage.ts";
import { type Subject, startFloor, startNaive, startService } from "../stage/workerd.ts";

export const title = "Fan-out: CPU per delivered frame, 100 channels in 10 bursts a second";

const CHANNELS = 100;
const SETS = 50;
const SET_SIZE = 10;
/** Rounds before those that count: one leaves V8 compiling in the first selection. */
const WARM_UPS = 2;
/** Bursts made before they are used in turn. */
const BURSTS = 50;

type Selection = "all channels" | "one set of 10" | "50 sets of 10";

/** Neighbours, so that every set has as many channels of each type. */
const channelsOf = (set: number): number[] =>
  Array.from({ length: SET_SIZE }, (_, i) => ((2 * set + i) % CHANNELS) + 1);

const CHOICES: Readonly<Record<Selection, AudienceOptions["channels"]>> = {
  "all channels": undefined,
  "one set of 10": () => channelsOf(0),
  "50 sets of 10": (viewer) => channelsOf(viewer % SETS),
};
const TARGETS: Readonly<Record<Selection, number>> = {
  "all channels": 1.1,
  "one set of 10": 1.2,
  "50 sets of 10": 1.5,
};

export async function run({ short, log }: PartContext): Promise<Figure[]> {
  const stage = await setStage();
  const service = await startService(stage);
  const floor = await startFloor(stage);
  const naive = await startNaive(stage);
  const node = await startNodeServer(stage);
  const peers = { service, floor, naive, node };
  try {
    const figures: Figure[] = [];
    const plan: [viewers: number, selections: Selection[], rounds: number, bursts: number][] = short
      ? [[300, ["50 sets of 10"], 1, 5]]
      : [
          [300, ["all channels", "one set of 10", "50 sets of 10"], 5, 80],
          [1_000, ["all channels", "one set of 10", "50 sets of 10"], 5, 40],
        ];
    for (const [viewers, selections, rounds, bursts] of plan) {
      for (const selection of selections) {
        log(`${viewers} viewers, ${selection}`);
        const all = short || (viewers === 1_000 && selection === "50 sets of 10");
        const subjects = all ? peers : { service, floor };
        figures.push(...(await compare(stage, subjects, viewers, selection, rounds, bursts)));
      }
    }
    return figures;
  } finally {
    await Promise.all(Object.values(peers).map((subject) => subject.stop()));
    await stage.stop();
  }
}

async function compare(
  stage: Stage,
  subjects: { service: Subject; floor: Subject } & Partial<Record<"naive" | "node", Subject>>,
  viewers: number,
  selection: Selection,
  rounds: number,
  bursts: number,
): Promise<Figure[]> {
  const channels = CHOICES[selection];
  const entries = selection === "all channels" ? ENTRIES : ENTRIES_WITH_SMALL;
  const audiences: Record<string, Audience> = {};
  const frames: Record<string, number> = {};
  for (const [name, subject] of Object.entries(subjects)) {
    const identity = `fanout-${viewers}-${selection.replaceAll(" ", "-")}`;
    const options = { identity: `${identity}-${name}`, viewers, entries, ...(channels && { channels }) };
    audiences[name] = await Audience.gather(stage, subject, options);
    frames[name] = 0;
  }
  const measure = async (name: string): Promise<number> => {
    const round = await audiences[name]!.round(bursts);
    frames[name]! += round.frames;
    return (1_000 * round.cpuMs) / round.frames;
  };
  const measured = Object.fromEntries(Object.keys(subjects).map((name) => [name, () => measure(name)]));
  const us: Record<string, number[]> = await interleave({ warmUps: WARM_UPS, rounds }, measured);
  for (const audience of Object.values(audiences)) audience.leave();
  const { service, floor, naive, node } = us as Record<"service" | "floor", number[]> & typeof us;
  const due = (rounds + WARM_UPS) * bursts * viewers;
  const where = `${selection}, ${viewers} viewers`;
  const figures: Figure[] = [
    {
      name: `service / floor, ${where}`,
      unit: "x",
      values: ratios(service, floor),
      target: { atMost: TARGETS[selection] },
      beside: {
        ...Object.fromEntries(Object.entries(us).map(([name, each]) => [`${name}, us`, median(each)])),
        "frames for each burst and viewer, service": frames.service! / due,
        "frames for each burst and viewer, floor": frames.floor! / due,
      },
    },
  ];
  if (naive && node) {
    const beyond = naive.map((each, round) => each - floor[round]!);
    const ours = service.map((each, round) => each - floor[round]!);
    figures.push(
      {
        name: `beyond the bare sends, naive Worker / service, ${where}`,
        unit: "x",
        // Of medians: what is spent beyond is a small difference, below zero in a round now and then.
        values: [median(beyond) / Math.max(median(ours), 0.01)],
        target: { atLeast: 20 },
        beside: { "naive, us": median(beyond), "service, us": median(ours) },
      },
      {
        name: `naive Worker / service, ${where}`,
        unit: "x",
        values: ratios(naive, service),
        target: { atLeast: 2 },
      },
      { name: `Node server / service, ${where}`, unit: "x", values: ratios(node, service) },
    );
  }
  return figures;
}

const ENTRIES = telemetryBursts(CHANNELS, BURSTS).map((burst) => ({
  data: Buffer.from(compress(burst)),
}));

/** With what a viewer of the first set gets, for the floor to send: so it sends the same bytes, and does not make them. */
const ENTRIES_WITH_SMALL = telemetryBursts(CHANNELS, BURSTS).map((burst) => ({
  data: Buffer.from(compress(burst)),
  small: Buffer.from(compress(select(burst, new Set(channelsOf(0))))),
}));

function select(burst: Uint8Array, channels: ReadonlySet<number>): Uint8Array {
  const items = new ItemTable();
  walkBurst(burst, 0, burst.length, items);
  const wanted = Array.from({ length: items.count }, (_, item) => item).filter(
    (item) => items.channel[item] === 0 || channels.has(items.channel[item]!),
  );
  return encodeItems(wanted.map((item) => burst.subarray(items.start[item], items.end[item])));
}
