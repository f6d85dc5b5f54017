import { sessionJsonItem, timeRangeItem } from "../../src/producer/items.ts";
import { compareStreamIds } from "../../src/wire/stream-id.ts";
import { data, T0_NS } from "../fakes/bursts.ts";
import type { SessionDriver } from "../fakes/session-driver.ts";
import { itemBytes, randomItem } from "./delivery-items.ts";
import type { Place, Written } from "./delivery-model.ts";
import type { Random } from "./random.ts";

/** Ids of what a stream holds from before the session. The last one is another's: a position may name it. */
const PASTS = [[], ["70"], ["7", "7", "70"], ["8888", "7", "70"]];
const OTHERS = ["70", "8888"];

/** The producer's side of a random session: writes numbered items, and remembers what and where. */
export class Producer {
  readonly written: Written[] = [];
  readonly #driver: SessionDriver;
  readonly #random: Random;
  #sessionIds = 7;
  #sessionId = "7";
  #streamName = "car";
  #position = "0-0";
  #state = "open";
  #jsonVersion = 1;
  #numbers = 0;
  #restarted = false;
  #moved = false;

  constructor(driver: SessionDriver, random: Random) {
    this.#driver = driver;
    this.#random = random;
  }

  get nextNumber(): number {
    return this.#numbers + 1;
  }

  get jsonVersion(): number {
    return this.#jsonVersion;
  }

  /** A session with a past, in a stream that may have held others before it. */
  begin(): string {
    const position =
      this.#random
        .pick(PASTS)
        .map((id) => this.#write(id, false))
        .at(-1) ?? "0-0";
    const count = this.#random.chance(0.3) ? 0 : this.#random.below(200);
    for (let i = 0; i < count; i++) {
      this.#driver.nowMs += this.#random.pick([0, 1, 10, 100]);
      this.writeOwn();
    }
    const first = this.#random.chance(0.5) ? this.written.find(({ ours }) => ours)?.id : undefined;
    this.#position = first ?? position;
    this.#open();
    return `begin after ${count} entries at ${first ?? position}`;
  }

  /** An entry of the session; now and then with a time range. */
  writeOwn(): string {
    const endNs = T0_NS + BigInt(this.#numbers) * 1_000_000n;
    return this.#write(this.#sessionId, true, this.#random.chance(0.3) ? [timeRangeItem(T0_NS, endNs)] : []);
  }

  writeForeign(): void {
    this.#write(this.#random.pick(OTHERS), false);
  }

  #write(sessionId: string, ours: boolean, metadata: readonly Uint8Array[] = []): string {
    const items = Array.from({ length: this.#random.below(5) }, () =>
      randomItem(this.#random, ++this.#numbers),
    );
    const burst = data(...items.map(itemBytes), ...metadata);
    const isBroken = metadata.length === 0 && this.#random.chance(0.03);
    const bytes = isBroken ? Uint8Array.of(0xff, ...burst.slice(0, burst.length >> 1)) : burst;
    const streamName = this.#streamName;
    const tag = this.#random.chance(0.1) ? `0${sessionId}` : sessionId;
    const id = this.#driver.redis.xadd(streamName, tag, bytes);
    this.written.push({
      id,
      sessionId,
      streamName,
      items,
      ours: ours && !isBroken,
      trimmed: false,
      lost: false,
    });
    return id;
  }

  #open(): void {
    const [streamSessionId, streamName, streamPosition] = [this.#sessionId, this.#streamName, this.#position];
    this.#driver.open(this.#json(), { streamSessionId, streamName, streamPosition });
  }

  #json(): string {
    return JSON.stringify({ identity: "s1", state: this.#state, version: this.#jsonVersion });
  }

  /** A new Session JSON, to the stream and to the entry, in one order or the other, with a `pause` between. */
  async updateJson(state: string, pause: () => Promise<void>): Promise<string> {
    this.#state = state;
    this.#jsonVersion++;
    const json = this.#json();
    const writes = [
      () => void this.#write(this.#sessionId, true, [sessionJsonItem(json)]),
      () => this.#driver.redis.hset("sessions:s1", { json }),
    ];
    if (this.#random.chance(0.5)) writes.reverse();
    for (const write of writes) {
      write();
      if (this.#random.chance(0.3)) await pause();
    }
    return `JSON ${this.#jsonVersion}, ${state}`;
  }

  /** Goes on under a new id, now and then in another stream if it may move. It begins with its Session JSON. */
  restart(mayMove: boolean): string {
    this.#restarted = true;
    this.#sessionId = String(++this.#sessionIds);
    this.#moved = mayMove && this.#random.chance(0.3);
    if (this.#moved) this.#streamName = `car-${this.#sessionId}`;
    const before = this.#driver.redis.streams.get(`stream:${this.#streamName}`)?.at(-1)?.id ?? "0-0";
    const announce = (): string => this.#write(this.#sessionId, true, [sessionJsonItem(this.#json())]);
    const first = this.#random.chance(0.5) ? announce() : null;
    this.#position = this.#random.pick([first ?? before, before]);
    this.#open();
    if (!first) announce();
    return `restart: ${this.#sessionId} in ${this.#streamName} at ${this.#position}`;
  }

  /** The stream loses its newest entries, or all, and its ids go back. */
  setBack(): string {
    this.#restarted = true;
    const { redis } = this.#driver;
    const stream = redis.streams.get(`stream:${this.#streamName}`) ?? [];
    const most = stream.filter(({ id }) => compareStreamIds(id, this.#position) > 0).length;
    const lost = this.#random.chance(0.3) ? stream.length : this.#random.below(Math.min(40, most) + 1);
    const backMs = this.#random.pick([0, 1, 40, 500, 2_500, 20_000, 3_600_000]);
    const gone = new Set(stream.slice(stream.length - lost).map(({ id }) => id));
    for (const entry of this.written) {
      if (entry.streamName === this.#streamName && gone.has(entry.id)) entry.lost = true;
    }
    if (lost === stream.length) redis.del(this.#streamName);
    else redis.failOver(this.#streamName, lost);
    redis.clockAheadMs -= backMs;
    const end = redis.streams.get(`stream:${this.#streamName}`)?.at(-1)?.id ?? "0-0";
    if (compareStreamIds(end, this.#position) < 0) this.#position = end;
    this.#open();
    return `set back by ${backMs} ms, ${lost} of ${stream.length} lost`;
  }

  /** Whether the last restart was in another stream. */
  get hasMoved(): boolean {
    return this.#moved;
  }

  /** Whether the reader may yet be set back. */
  get hasRestarted(): boolean {
    return this.#restarted;
  }

  place(): Place {
    const streamName = this.#streamName;
    return {
      sessionId: this.#sessionId,
      streamName,
      edge: this.written
        .filter((entry) => entry.streamName === streamName)
        .reduce((edge, { id }) => (compareStreamIds(id, edge) > 0 ? id : edge), "0-0"),
      read: this.#restarted ? null : this.#read,
    };
  }

  /** Id behind which the stream was read last: everything up to it has been dealt with. */
  get #read(): string {
    const key = `stream:${this.#streamName}`;
    const read = this.#driver.redis.commands.findLast(([name, , , , at]) => name === "XREAD" && at === key);
    return String(read?.[5] ?? "0-0");
  }

  /** Trims the stream, never past what has been read. */
  trim(): string {
    const { redis } = this.#driver;
    const stream = redis.streams.get(`stream:${this.#streamName}`) ?? [];
    const behind = stream.filter(({ id }) => compareStreamIds(id, this.#read) <= 0);
    const trimmed = new Set(behind.slice(0, this.#random.below(behind.length + 1)).map(({ id }) => id));
    for (const entry of this.written) {
      if (entry.streamName === this.#streamName && trimmed.has(entry.id)) entry.trimmed = true;
    }
    redis.xtrim(this.#streamName, stream.length - trimmed.size);
    return `trim ${trimmed.size} of ${stream.length}`;
  }
}
