import { limitLine } from "../fakes/line.ts";
import { SessionDriver } from "../fakes/session-driver.ts";
import { breakGateway, mendGateway } from "./delivery-faults.ts";
import { randomChannels } from "./delivery-items.ts";
import { ModelViewer } from "./delivery-model.ts";
import { Producer } from "./delivery-producer.ts";
import { Random } from "./random.ts";

const MiB = 1024 * 1024;
const MOST_VIEWERS = 5;
/** Well under the 60 s after which viewers are told, back-off and time-outs included. */
const LONGEST_FAULT_MS = 40_000;
/** After this much without faults, everything that was to be noticed has been. */
const CALM_MS = 15_000;
/** After this long with a viewer, the reader has looked at the stream. */
const ACQUAINTANCE_MS = 3_000;

/** A random session from its seed: what it did, and what went wrong. */
export class DeliveryRun {
  readonly trace: string[] = [];
  readonly problems: string[] = [];
  readonly #random: Random;
  readonly #driver: SessionDriver;
  readonly #producer: Producer;
  readonly #backScanMs: number;
  readonly #viewers: ModelViewer[] = [];
  /** Ends the slowness of lines. */
  readonly #lines: (() => void)[] = [];
  #faultEndsMs: number | null = null;
  #faultedAtMs = 0;
  #restlessAtMs = 0;
  #setBackAtMs = 0;
  /** When the first of the viewers came. */
  #beganAtMs = 0;

  constructor(seed: number) {
    const random = new Random(seed);
    this.#random = random;
    this.#backScanMs = random.chance(0.7) ? 0 : 1_000 + random.below(20_000);
    const idleMs = random.chance(0.2) ? 20_000 : 600_000;
    this.#driver = new SessionDriver({ backScanMs: this.#backScanMs, idleMs });
    const slowestMs = random.pick([0, 3, 30, 300]);
    this.#driver.travelMs = () => random.below(slowestMs + 1);
    this.#producer = new Producer(this.#driver, random);
    this.#note(`history of ${this.#backScanMs} ms, up to ${slowestMs} ms to Redis`);
  }

  async run(): Promise<void> {
    this.#note(this.#producer.begin());
    for (let left = 15 + this.#random.below(40); left > 0 && this.problems.length === 0; left--) {
      await this.#act();
      this.#checkCloses();
    }
    if (this.problems.length === 0) await this.#settle();
    for (const viewer of this.#viewers) {
      this.problems.push(...viewer.problems(this.#producer.written, this.#backScanMs));
    }
    if (this.problems.length === 0) await this.#end();
  }

  #note(text: string): void {
    this.trace.push(`${this.#driver.nowMs % 1e8} ${text}`);
  }

  async #act(): Promise<void> {
    const acts: readonly (readonly [weight: number, act: () => unknown])[] = [
      [10, () => this.#produce()],
      [6, () => this.#wait(this.#random.pick([5, 100, 1_000, 6_000]))],
      [5, () => this.#connect()],
      [8, () => this.#subscribe()],
      [5, () => this.#hibernate()],
      [2, () => this.#leave()],
      [3, () => this.#break()],
      [2, () => this.#restart()],
      [2, () => this.#setBack()],
      [2, () => this.#trim()],
      [3, () => this.#open.length > 0 && this.#press(this.#random.pick(this.#open))],
      [2, () => this.#updateJson("open")],
      [1, () => this.#closeAndOpen()],
    ];
    let choice = this.#random.below(acts.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, act] of acts) {
      if (choice < weight) return void (await act());
      choice -= weight;
    }
  }

  /** Lets up to so much time pass; a fault ends when its time is up. */
  async #wait(atMostMs: number): Promise<void> {
    const endMs = this.#driver.nowMs + this.#random.below(atMostMs + 1);
    if (this.#faultEndsMs !== null && this.#faultEndsMs <= endMs) {
      await this.#driver.run(Math.max(0, this.#faultEndsMs - this.#driver.nowMs));
      this.#mend();
    }
    await this.#driver.run(Math.max(0, endMs - this.#driver.nowMs));
  }

  async #produce(): Promise<void> {
    const count = this.#random.pick([1, 1, 3, 20]);
    const gapMs = this.#random.pick([0, 10, 200, 200]);
    this.#note(`produce ${count}`);
    for (let i = 0; i < count; i++) {
      if (this.#random.chance(0.1)) this.#producer.writeForeign();
      this.#producer.writeOwn();
      await this.#wait(gapMs);
    }
  }

  get #open(): ModelViewer[] {
    return this.#viewers.filter(({ socket }) => !socket.closed);
  }

  async #connect(): Promise<void> {
    if (this.#open.length >= MOST_VIEWERS) return;
    if (this.#open.length === 0) this.#beganAtMs = this.#driver.nowMs;
    const socket = this.#driver.connect();
    const viewer = new ModelViewer(`viewer ${this.#viewers.length}`, socket, this.#driver.nowMs);
    this.#note(`${viewer.name} connects`);
    const line = this.#random.pick(["tells", "does not tell", "slow"] as const);
    if (line === "does not tell") socket.buffered = null;
    if (line === "slow")
      this.#lines.push(limitLine(this.#driver, socket, 2_000 + this.#random.below(200_000)));
    const send = socket.send.bind(socket);
    socket.send = (message) => {
      if (!viewer.welcomed) this.#mark(viewer);
      send(message);
    };
    this.#viewers.push(viewer);
    if (this.#random.chance(0.5)) await this.#wait(300);
    if (this.#random.chance(0.7)) this.#ask(viewer);
  }

  #mark(viewer: ModelViewer): void {
    viewer.mark(this.#producer.nextNumber, this.#producer.place());
  }

  async #subscribe(): Promise<void> {
    if (this.#open.length === 0) return;
    const viewer = this.#random.pick(this.#open);
    for (let left = this.#random.pick([1, 1, 1, 3]); left > 0; left--) this.#ask(viewer);
    // Amid the history that follows.
    await this.#wait(this.#random.pick([0, 100]));
    if (this.#random.chance(0.2)) this.#press(viewer);
  }

  #ask(viewer: ModelViewer): void {
    if (viewer.socket.closed) return;
    const request = {
      allEvents: this.#random.chance(0.3),
      allDataChannels: this.#random.chance(0.15),
      channelIds: randomChannels(this.#random, 3),
    };
    this.#note(`${viewer.name} asks for ${JSON.stringify(request)}`);
    viewer.ask(request);
    this.#driver.subscribe(viewer.socket, request);
    if (viewer.welcomed) this.#mark(viewer);
  }

  #hibernate(): void {
    const leaving = this.#random.chance(0.2) ? this.#open[0] : undefined;
    if (!this.#driver.hibernate(leaving?.socket)) return;
    if (leaving) leaving.gone = true;
    this.#note(`hibernate${leaving ? `, ${leaving.name} leaves` : ""}`);
  }

  #leave(): void {
    if (this.#open.length === 0) return;
    const viewer = this.#random.pick(this.#open);
    this.#note(`${viewer.name} leaves`);
    viewer.gone = true;
    this.#driver.disconnect(viewer.socket);
  }

  get #isCalm(): boolean {
    return this.#faultEndsMs === null && this.#driver.nowMs - this.#restlessAtMs >= CALM_MS;
  }

  #break(): void {
    if (!this.#isCalm) return;
    this.#faultEndsMs =
      this.#driver.nowMs + this.#random.below(this.#random.pick([100, 2_000, LONGEST_FAULT_MS]));
    this.#note(`until ${this.#faultEndsMs % 1e8}: ${breakGateway(this.#driver, this.#random)}`);
  }

  #mend(): void {
    mendGateway(this.#driver);
    this.#faultEndsMs = null;
    this.#faultedAtMs = this.#driver.nowMs;
    this.#restlessAtMs = this.#driver.nowMs;
    this.#note("the gateway is well");
  }

  /** The reader knows by what it would recognise the stream: nobody is there, or somebody has been for a while. */
  get #isAcquainted(): boolean {
    const { nowMs } = this.#driver;
    return this.#open.length === 0 || nowMs - Math.max(this.#beganAtMs, this.#faultedAtMs) > ACQUAINTANCE_MS;
  }

  #restart(): void {
    // A restart leaves no trace when its stream, or its Session JSON there, is gone before the entry is read.
    const mayMove = this.#isCalm;
    if (this.#producer.hasMoved && !mayMove) return;
    if (this.#driver.nowMs - this.#setBackAtMs < CALM_MS) return;
    this.#restlessAtMs = this.#driver.nowMs;
    this.#note(this.#producer.restart(mayMove));
  }

  #setBack(): void {
    if (!this.#isAcquainted) return;
    this.#setBackAtMs = this.#driver.nowMs;
    this.#restlessAtMs = this.#driver.nowMs;
    this.#note(this.#producer.setBack());
  }

  #trim(): void {
    // A restart that has not been noticed yet will set the reader back.
    if (this.#isCalm || !this.#producer.hasRestarted) this.#note(this.#producer.trim());
  }

  #press({ name, socket }: ModelViewer): void {
    if (socket.buffered === null) return;
    socket.buffered = socket.buffered > 0 ? 0 : this.#random.below(6 * MiB);
    this.#note(`${name} has ${socket.buffered} bytes to take`);
  }

  async #updateJson(state: string): Promise<void> {
    this.#note(await this.#producer.updateJson(state, () => this.#wait(50)));
  }

  /** Within the linger. */
  async #closeAndOpen(): Promise<void> {
    if (this.#faultEndsMs !== null) return;
    await this.#updateJson("closed");
    for (const act of [() => this.#produce(), () => this.#subscribe(), () => this.#hibernate()]) {
      if (this.#random.chance(0.5)) await act();
      await this.#wait(1_000);
    }
    await this.#updateJson("open");
  }

  /** Nobody may be closed but who waited for a first message while the gateway was out of order. */
  #checkCloses(): void {
    if (this.#faultEndsMs !== null) this.#faultedAtMs = this.#driver.nowMs;
    for (const viewer of this.#viewers) {
      const { closed } = viewer.socket;
      if (!closed || viewer.gone) continue;
      viewer.gone = true;
      const waited = !viewer.welcomed && closed.code === 1011 && viewer.joinedAtMs <= this.#faultedAtMs;
      if (!waited) this.problems.push(`${viewer.name} was closed: ${closed.code} ${closed.reason}`);
    }
  }

  /** All faults end, and time passes until everybody must have everything. */
  async #settle(): Promise<void> {
    if (this.#faultEndsMs !== null) this.#mend();
    for (const { socket } of this.#viewers) socket.buffered &&= 0;
    for (const widen of this.#lines) widen();
    await this.#driver.run(12_000);
    this.#producer.writeOwn();
    await this.#driver.run(25_000);
    this.#checkCloses();
    const { stored } = this.#driver;
    if (stored.size > 2) this.problems.push(`stored beside the session and its JSON: ${[...stored.keys()]}`);
    for (const viewer of this.#open) {
      if (!viewer.welcomed) this.problems.push(`${viewer.name} had no first message`);
      else if (viewer.jsonVersion !== this.#producer.jsonVersion) {
        this.problems.push(`${viewer.name} ended with JSON ${viewer.jsonVersion}`);
      }
    }
  }

  /** The session closes, or its viewers leave: then nothing is kept, and nothing is asked any more. */
  async #end(): Promise<void> {
    const viewers = this.#open;
    if (this.#random.chance(0.5)) {
      await this.#updateJson("closed");
      await this.#driver.run(40_000);
      const reasons = viewers.map(({ socket }) => socket.closed?.reason);
      if (reasons.some((reason) => reason !== "session ended")) this.problems.push(`closed with ${reasons}`);
    } else for (const { socket } of viewers) this.#driver.disconnect(socket);
    const { session, stored } = this.#driver;
    await this.#driver.run(1_000);
    const wakes = [session.nextWake().kind, session.backfill.nextWake().kind];
    if (stored.size > 0 || wakes.some((wake) => wake !== "never")) {
      this.problems.push(`left ${[...stored.keys()]}, wakes ${wakes}`);
    }
  }
}
