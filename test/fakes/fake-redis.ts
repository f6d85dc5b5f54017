import { compareStreamIds } from "../../src/wire/stream-id.ts";

type Fields = readonly (readonly [string, Uint8Array | string])[];

interface FakeEntry {
  readonly id: string;
  readonly fields: Fields;
  /** As it stands in a reply. */
  readonly encoded: unknown;
}

/** What the next requests meet instead of an answer. */
export type Fault = (request: { path: string; body: unknown }) => MaybeResponse | Promise<MaybeResponse>;
type MaybeResponse = Response | undefined;

/** A Redis behind a gateway, in memory: just the commands that the service sends, answered as Upstash does. */
export class FakeRedis {
  readonly hashes = new Map<string, Map<string, string>>();
  readonly streams = new Map<string, FakeEntry[]>();
  /** Every command, in order. */
  readonly commands: unknown[][] = [];
  fault: Fault | undefined;
  /** What becomes of answers on their way back. */
  spoil: ((reply: Response) => Response | Promise<Response>) | undefined;
  /** Passes while a request is on its way, and again while its answer is. */
  travel: (() => Promise<void> | undefined) | undefined;
  /** Of the clock of Redis, against the test's. */
  clockAheadMs = 0;
  readonly #now: () => number;
  /** What a stream remembers of entries that are gone. */
  readonly #life = new Map<string, { lastId: string; added: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const path = new URL(String(input)).pathname;
    const body = JSON.parse(String(init?.body)) as unknown[];
    await this.travel?.();
    const instead = await this.fault?.({ path, body });
    if (instead) return instead;
    const answers =
      path === "/" ? this.#answer(body) : body.map((command) => this.#answer(command as unknown[]));
    const failed = path === "/" && "error" in (answers as object);
    const reply = Response.json(answers, { status: failed ? 400 : 200 });
    await this.travel?.();
    return this.spoil ? this.spoil(reply) : reply;
  };

  hset(key: string, fields: Record<string, string>): void {
    const hash = this.hashes.get(key) ?? new Map<string, string>();
    for (const [name, value] of Object.entries(fields)) hash.set(name, value);
    this.hashes.set(key, hash);
  }

  /** Adds an entry of a session; the id is the clock's unless given. Returns the id. */
  xadd(name: string, sessionId: string, data: Uint8Array, id = this.#nextId(name)): string {
    this.xaddFields(
      name,
      [
        ["id", sessionId],
        ["data", data],
      ],
      id,
    );
    return id;
  }

  xaddFields(name: string, fields: Fields, id = this.#nextId(name)): string {
    const key = `stream:${name}`;
    const stream = this.streams.get(key) ?? [];
    const encoded = [encode(id), fields.flatMap(([field, value]) => [encode(field), encode(value)])];
    stream.push({ id, fields, encoded });
    this.streams.set(key, stream);
    this.#life.set(key, { lastId: id, added: (this.#life.get(key)?.added ?? 0) + 1 });
    return id;
  }

  /** Trims a stream to its newest `length` entries. */
  xtrim(name: string, length: number): void {
    const stream = this.streams.get(`stream:${name}`) ?? [];
    stream.splice(0, Math.max(0, stream.length - length));
  }

  /** Removes a stream and all that Redis knew of it. */
  del(name: string): void {
    this.streams.delete(`stream:${name}`);
    this.#life.delete(`stream:${name}`);
  }

  /** Forgets everything, as FLUSHALL does. */
  flush(): void {
    this.hashes.clear();
    this.streams.clear();
    this.#life.clear();
  }

  /** Takes away the newest entries of a stream, as a failover to a replica that lags does. */
  failOver(name: string, lost: number): void {
    const stream = this.streams.get(`stream:${name}`) ?? [];
    stream.splice(stream.length - lost, lost);
    const life = this.#life.get(`stream:${name}`)!;
    this.#life.set(`stream:${name}`, { lastId: stream.at(-1)?.id ?? "0-0", added: life.added - lost });
  }

  #nextId(name: string): string {
    const nowMs = Math.floor(this.#now() + this.clockAheadMs);
    const last = this.#life.get(`stream:${name}`)?.lastId ?? "0-0";
    const [ms = "0", seq = "0"] = last.split("-");
    return Number(ms) >= nowMs ? `${ms}-${Number(seq) + 1}` : `${nowMs}-0`;
  }

  #answer(command: unknown[]): { result: unknown } | { error: string } {
    this.commands.push(command);
    const [name, ...args] = command.map(String) as [string, ...string[]];
    switch (name.toUpperCase()) {
      case "PING":
        return { result: encode("PONG") };
      case "HMGET":
        return this.#hash(args[0]!, (hash) => args.slice(1).map((field) => encode(hash?.get(field))));
      case "HGET":
        return this.#hash(args[0]!, (hash) => encode(hash?.get(args[1]!)));
      case "XREAD": {
        const [, count, , key, after] = args as [string, string, string, string, string];
        return this.#stream(key, (entries) => {
          const begin = firstIndex(entries, after, false);
          const news = entries.slice(begin, begin + Number(count));
          return news.length === 0 ? null : [[encode(key), news.map(({ encoded }) => encoded)]];
        });
      }
      case "XREVRANGE":
        return this.#stream(args[0]!, (entries) => {
          const [, to, from] = args as [string, string, string];
          const begin = from === "-" ? 0 : firstIndex(entries, from, true);
          const end =
            to === "+" ? entries.length : firstIndex(entries, to.replace("(", ""), to.startsWith("("));
          return entries
            .slice(begin, end)
            .slice(-Number(args[4]))
            .reverse()
            .map(({ encoded }) => encoded);
        });
      case "XRANGE": {
        const [key, from, to, , count] = args as [string, string, string, string, string];
        const exclusive = from.startsWith("(");
        return this.#stream(key, (entries) => {
          if (count === "0") return null;
          const begin = firstIndex(entries, exclusive ? from.slice(1) : from, !exclusive);
          const beyond = to === "+" ? entries.length : firstIndex(entries, to, false);
          const end = Math.min(beyond, begin + Number(count));
          return entries.slice(begin, end).map(({ encoded }) => encoded);
        });
      }
      case "XINFO": {
        const life = this.#life.get(args[1]!);
        if (this.hashes.has(args[1]!)) return WRONG_TYPE;
        if (!life) return { error: "ERR no such key" };
        const entries = this.streams.get(args[1]!) ?? [];
        const fields = {
          length: entries.length,
          "last-generated-id": encode(life.lastId),
          "entries-added": life.added,
          "first-entry": entries[0]?.encoded ?? null,
        };
        return { result: Object.entries(fields).flatMap(([field, value]) => [encode(field), value]) };
      }
      default:
        return { error: `ERR unknown command '${name}'` };
    }
  }

  #hash<T>(
    key: string,
    answer: (hash: Map<string, string> | undefined) => T,
  ): { result: T } | { error: string } {
    return this.streams.has(key) ? WRONG_TYPE : { result: answer(this.hashes.get(key)) };
  }

  #stream<T>(key: string, answer: (entries: FakeEntry[]) => T): { result: T } | { error: string } {
    return this.hashes.has(key) ? WRONG_TYPE : { result: answer(this.streams.get(key) ?? []) };
  }
}

const WRONG_TYPE = { error: "WRONGTYPE Operation against a key holding the wrong kind of value" };

function encode(value: Uint8Array | string | undefined): string | null {
  return value === undefined ? null : Buffer.from(value).toString("base64");
}

/** Of the first entry after `id`, or of the one that has it when `inclusive`. */
function firstIndex(entries: readonly FakeEntry[], id: string, inclusive: boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareStreamIds(entries[middle]!.id, id) < (inclusive ? 0 : 1)) low = middle + 1;
    else high = middle;
  }
  return low;
}
