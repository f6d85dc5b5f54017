import { CommandError } from "../command-error.ts";
import type { GatewayRedis, Reply } from "../gateway-redis.ts";
import { type BurstMetadata, fieldOf, metadataOf } from "./burst-metadata.ts";
import type { StreamEntry } from "./recording.ts";
import { listOf, textOf, valuesOf } from "./redis-reader.ts";
import type { ReplayClock } from "./replay-clock.ts";

/** As long as a producer would keep it. */
const EXPIRY_SECONDS = 24 * 60 * 60;
/** Fields of a session's hash that say where it is. */
const PLACE = ["streamSessionId", "streamName", "streamPosition", "lastUpdated"];
/** Fields that the session's own messages set. */
const METADATA = ["json", "tStart", "tEnd"];

type Command = (string | Buffer)[];

export interface ReplayTarget {
  readonly identity: string;
  /** Without the `stream:` prefix. */
  readonly streamName: string;
  /** The session gets a stream session id of its own instead of the recorded one. */
  readonly isNew: boolean;
}

/** Writes a recorded session into Redis as its producer did: entries, and what the session's hash says of them. */
export class ReplayedSession {
  readonly #redis: GatewayRedis;
  readonly #target: ReplayTarget;
  readonly #key: string;
  readonly #stream: string;
  /** Stream session ids by those that were recorded. */
  readonly #ids = new Map<string, string>();
  #tStart: bigint | undefined;
  #tEnd: bigint | undefined;

  constructor(redis: GatewayRedis, target: ReplayTarget) {
    this.#redis = redis;
    this.#target = target;
    this.#key = `sessions:${target.identity}`;
    this.#stream = `stream:${target.streamName}`;
  }

  /** The last id that the stream gave, and the time of Redis in ms. */
  async now(): Promise<{ lastId: string; nowMs: number }> {
    const [seconds, micros] = listOf((await this.#redis.run(["TIME"])) as never);
    const nowMs = Number(textOf(seconds)) * 1000 + Math.floor(Number(textOf(micros)) / 1000);
    return { lastId: await this.#lastId(), nowMs };
  }

  /** Makes the session known, with nothing in it yet. `fields`: the recorded ones; `first`: the first entry. */
  async open(fields: readonly Buffer[], first: StreamEntry | undefined): Promise<void> {
    await this.#redis.run(["SADD", "streams", this.#target.streamName]);
    const place = ["streamPosition", await this.#lastId(), ...(await this.#placeFields(fields))];
    // What the first message of all says is not known before it; a recording that lacks it begins in the middle.
    const isWhole = first !== undefined && (metadataOf(first)?.isFirst ?? false);
    const others = pairsOf(fields).filter(
      ([name]) => !PLACE.includes(name) && !(isWhole && METADATA.includes(name)),
    );
    for (const [name, value] of others) this.#widen(name, value);
    await this.#transaction([
      ["DEL", this.#key],
      ["HSET", this.#key, ...place, ...others.flat()],
      ["EXPIRE", this.#key, `${EXPIRY_SECONDS}`],
    ]);
  }

  /** The session's hash was seen to say this at this point. */
  async update(fields: readonly Buffer[]): Promise<void> {
    const others = pairsOf(fields).filter(([name]) => !PLACE.includes(name));
    await this.#redis.run(["HSET", this.#key, ...(await this.#placeFields(fields)), ...others.flat()]);
  }

  /** Writes entries, all or none. `restart` begins anew when another producer wrote to the stream meanwhile. */
  async write(entries: readonly StreamEntry[], clock: ReplayClock): Promise<void> {
    const hash = this.#hashFor(entries);
    for (;;) {
      await this.#redis.run(["WATCH", this.#stream]);
      let lastId = await this.#lastId();
      const commands: Command[] = [
        ["HSET", this.#key, ...hash],
        ["EXPIRE", this.#key, `${EXPIRY_SECONDS}`],
      ];
      for (const entry of entries) {
        lastId = clock.idFor(entry.id, lastId);
        commands.push(["XADD", this.#stream, lastId, ...this.#fieldsOf(entry)]);
      }
      if (await this.#transaction(commands)) return;
    }
  }

  #fieldsOf(entry: StreamEntry): Buffer[] {
    const at = entry.fields.findIndex((field, index) => index % 2 === 0 && field.toString() === "id");
    const own = at < 0 ? undefined : this.#ids.get(entry.fields[at + 1]!.toString().trim());
    if (own === undefined || entry.fields[at + 1]!.toString().trim() === own) return [...entry.fields];
    return entry.fields.with(at + 1, Buffer.from(own));
  }

  /** What the entries say of the session, as their producer would have stored it. */
  #hashFor(entries: readonly StreamEntry[]): (string | Buffer)[] {
    const metadata = entries.map(metadataOf).filter((each): each is BurstMetadata => each !== null);
    for (const { startNs, endNs } of metadata.flatMap(({ ranges }) => ranges)) {
      this.#widen("tStart", `${startNs}`);
      this.#widen("tEnd", `${endNs}`);
    }
    const json = metadata.findLast((each) => each.json !== undefined)?.json;
    const range = this.#tStart !== undefined && this.#tEnd !== undefined;
    return [
      ...["lastUpdated", `${Date.now()}`],
      ...(json === undefined ? [] : ["json", json]),
      ...(range ? ["tStart", `${this.#tStart}`, "tEnd", `${this.#tEnd}`] : []),
    ];
  }

  #widen(name: string, value: string | Buffer): void {
    if ((name !== "tStart" && name !== "tEnd") || !/^-?\d{1,19}$/.test(value.toString())) return;
    const ns = BigInt(value.toString());
    if (name === "tStart") this.#tStart = this.#tStart !== undefined && this.#tStart < ns ? this.#tStart : ns;
    else this.#tEnd = this.#tEnd !== undefined && this.#tEnd > ns ? this.#tEnd : ns;
  }

  async #placeFields(fields: readonly Buffer[]): Promise<string[]> {
    const recorded = fieldOf({ fields }, "streamSessionId")?.toString().trim();
    if (recorded === undefined)
      throw new CommandError("the recording does not say its session's streamSessionId");
    let id = this.#ids.get(recorded);
    if (id === undefined) {
      id = await this.#allocate(recorded);
      this.#ids.set(recorded, id);
    }
    const { streamName } = this.#target;
    return ["streamSessionId", id, "streamName", streamName, "lastUpdated", `${Date.now()}`];
  }

  /** An id of its own, or the recorded one, which nobody else is to be given then. */
  async #allocate(recorded: string): Promise<string> {
    if (this.#target.isNew)
      return textOf((await this.#redis.run(["INCRBY", "lastStreamSessionId", "1"])) as never)!;
    const last = Number(textOf((await this.#redis.run(["INCRBY", "lastStreamSessionId", "0"])) as never));
    const missing = /^\d{1,15}$/.test(recorded) ? Number(recorded) - last : 0;
    if (missing > 0) await this.#redis.run(["INCRBY", "lastStreamSessionId", `${missing}`]);
    return recorded;
  }

  async #lastId(): Promise<string> {
    try {
      const info = valuesOf((await this.#redis.run(["XINFO", "STREAM", this.#stream])) as never);
      return textOf(info.get("last-generated-id")) ?? "0-0";
    } catch (error) {
      if (/no such key/.test((error as Error).message)) return "0-0";
      throw error;
    }
  }

  /** False when what was watched changed meanwhile. */
  async #transaction(commands: readonly Command[]): Promise<boolean> {
    const replies = (await this.#redis.transaction(commands)) as Reply[] | null;
    const refused = replies?.find((reply) => reply instanceof Error);
    if (refused) throw new CommandError(`Redis refused to store the session: ${(refused as Error).message}`);
    return replies !== null;
  }
}

function pairsOf(fields: readonly Buffer[]): [string, Buffer][] {
  return fields.flatMap((field, index) =>
    index % 2 === 0 ? [[field.toString(), fields[index + 1]!]] : [],
  ) as [string, Buffer][];
}
