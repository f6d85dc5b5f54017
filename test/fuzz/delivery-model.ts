import { streamIdMs } from "../../src/wire/stream-id.ts";
import type { FakeSocket } from "../fakes/session-driver.ts";
import { type NumberedItem, numberOf } from "./delivery-items.ts";

/** What a viewer has asked for. */
interface Wants {
  readonly allEvents: boolean;
  readonly allChannels: boolean;
  readonly channels: ReadonlySet<number>;
}

const NOTHING: Wants = { allEvents: false, allChannels: false, channels: new Set() };

function includes(wants: Wants, { kind, channels }: NumberedItem): boolean {
  if (kind === "event") return wants.allEvents;
  return wants.allChannels || channels.some((channel) => wants.channels.has(channel));
}

/** Where the session is, as its entry in Redis tells. */
export interface Place {
  readonly sessionId: string;
  readonly streamName: string;
  /** Highest id that the stream has given. */
  readonly edge: string;
  /** The reader is at least here; null when it may be set back. */
  readonly read: string | null;
}

/** An entry that was written. */
export interface Written {
  readonly id: string;
  readonly sessionId: string;
  readonly streamName: string;
  readonly items: readonly NumberedItem[];
  /** Of the session, and in one piece. */
  readonly ours: boolean;
  trimmed: boolean;
  /** Before it was trimmed: perhaps it was never read. */
  lost: boolean;
}

/** From here on a viewer gets what it asked for live; what was there before is history. */
interface Moment {
  readonly wants: Wants;
  readonly nextNumber: number;
  readonly place: Place;
}

interface Expectation {
  readonly entry: Written;
  readonly item: NumberedItem;
}

/** One viewer: what it asked for when, and whether it got that. */
export class ModelViewer {
  readonly name: string;
  readonly socket: FakeSocket;
  readonly joinedAtMs: number;
  wants = NOTHING;
  /** It left, or was turned away during an outage: what it got must be right, but need not be all. */
  gone = false;
  readonly #moments: Moment[] = [];

  constructor(name: string, socket: FakeSocket, joinedAtMs: number) {
    this.name = name;
    this.socket = socket;
    this.joinedAtMs = joinedAtMs;
  }

  get welcomed(): boolean {
    return this.socket.messages.length > 0;
  }

  /** The viewer has had its first message, or it has and asks for more. */
  mark(nextNumber: number, place: Place): void {
    this.#moments.push({ wants: this.wants, nextNumber, place });
  }

  ask({ allEvents = false, allDataChannels = false, channelIds = [] as readonly number[] }): void {
    this.wants = {
      allEvents: this.wants.allEvents || allEvents,
      allChannels: this.wants.allChannels || allDataChannels,
      channels: new Set([...this.wants.channels, ...channelIds]),
    };
  }

  /** All that is wrong with what the viewer got. */
  problems(written: readonly Written[], backScanMs: number): string[] {
    const problems = [...this.#checkMetadata()];
    const got = this.socket.items().flatMap((item) => numberOf(item) ?? []);
    const known = new Map(
      written.flatMap((entry) => entry.items.map((item) => [item.number, { entry, item }])),
    );
    const seen = new Set<number>();
    for (const number of got) {
      if (seen.has(number)) problems.push(`got ${number} twice`);
      seen.add(number);
      const objection = this.#objection(known.get(number), backScanMs);
      if (objection) problems.push(`got ${number}, ${objection}`);
    }
    if (!this.gone) {
      for (const [number, expectation] of known) {
        if (!seen.has(number) && this.#isOwed(expectation, backScanMs)) {
          problems.push(`lacks ${number} (${describe(expectation)})`);
        }
      }
    }
    if (problems.length === 0) problems.push(...this.#checkOrder(got, known));
    return problems.map((problem) => `${this.name} ${problem}`);
  }

  *#checkMetadata(): Iterable<string> {
    const { socket } = this;
    if (socket.late > 0) yield `was sent ${socket.late} messages after its close`;
    if (socket.messages.length === 0) return;
    const first = socket.items(0);
    if (first.length !== 1 || typeof first[0]!.sessionJson !== "string") yield "got another first message";
    const versions = socket.items().flatMap((item) => (item.sessionJson ? versionOf(item.sessionJson) : []));
    if (versions.some((version, i) => version < versions[i - 1]!)) yield `got JSON versions ${versions}`;
    const empty = socket.messages.findIndex((_, i) => socket.items(i).length === 0);
    if (empty >= 0) yield `got nothing in message ${empty}`;
  }

  /** Version of the Session JSON that came last. */
  get jsonVersion(): number | undefined {
    return this.socket
      .items()
      .flatMap((item) => (item.sessionJson ? versionOf(item.sessionJson) : []))
      .at(-1);
  }

  /** When the viewer first wanted an item. */
  #since(item: NumberedItem): Moment | undefined {
    return this.#moments.find(({ wants }) => includes(wants, item));
  }

  #objection(expectation: Expectation | undefined, backScanMs: number): string | null {
    if (!expectation) return "which was never written";
    const { entry, item } = expectation;
    if (!entry.ours) return "which is not the session's";
    const since = this.#since(item);
    if (!since) return "which it did not ask for";
    const { read } = since.place;
    const tooOld = read !== null && streamIdMs(entry.id) < streamIdMs(read) - backScanMs;
    if (backScanMs > 0 && item.number < since.nextNumber && tooOld) return "which is too old";
    return null;
  }

  #isOwed({ entry, item }: Expectation, backScanMs: number): boolean {
    const since = this.#since(item);
    if (!entry.ours || entry.lost || !since) return false;
    if (item.number >= since.nextNumber) return true;
    const { place } = since;
    if (entry.trimmed || entry.sessionId !== place.sessionId || entry.streamName !== place.streamName)
      return false;
    return backScanMs === 0 || streamIdMs(entry.id) >= streamIdMs(place.edge) - backScanMs;
  }

  /**
   * Live items in the order of the stream, and of each history too; by session id, since a new one may go back, and
   * events by themselves, since they may overtake.
   */
  *#checkOrder(got: readonly number[], known: ReadonlyMap<number, Expectation>): Iterable<string> {
    const rows = Map.groupBy(got, (number) => {
      const { entry, item } = known.get(number)!;
      const since = this.#since(item)!;
      const live = item.number >= since.nextNumber;
      return `${entry.sessionId} ${item.kind === "event" ? "events" : "data"} ${live ? "live" : this.#moments.indexOf(since)}`;
    });
    for (const [name, numbers] of rows) {
      const inOrder = name.endsWith("live") ? isAscending(numbers) : isHistoryBesideLive(numbers);
      if (!inOrder) yield `got ${name} out of order: ${numbers}`;
    }
  }
}

/**
 * What was there at the moment of asking is history up to the reader's place and came live from there on: two
 * rows, each in order, one wholly before the other.
 */
function isHistoryBesideLive(numbers: readonly number[]): boolean {
  const firstDescent = numbers.findIndex((number, i) => number < numbers[i - 1]!);
  if (firstDescent < 0) return true;
  return numbers.some(
    (edge) => isAscending(numbers.filter((n) => n <= edge)) && isAscending(numbers.filter((n) => n > edge)),
  );
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
}

function versionOf(json: string): number {
  return (JSON.parse(json) as { version: number }).version;
}

function describe({ entry, item }: Expectation): string {
  return `${item.kind} of ${item.channels} in ${entry.id} of ${entry.sessionId} in ${entry.streamName}`;
}
