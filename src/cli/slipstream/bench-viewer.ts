import { ItemKind, ItemTable, walkBurst } from "../../wire/burst.ts";
import { decompressInto } from "../../wire/lz4.ts";
import { MAX_BURST_BYTES } from "../../wire/payload.ts";
import { encodeRequest } from "../../wire/request-encoder.ts";
import { RunReader } from "../../wire/samples.ts";
import { CommandError } from "../command-error.ts";

/** A service that answers is heard long before. */
const JOIN_TIMEOUT_MS = 15_000;
const SUB_PROTOCOL = "mat.ocs.rta.stream-lz4";

// One message is dealt with at a time, whoever got it.
const arena = new Uint8Array(MAX_BURST_BYTES);
const items = new ItemTable();
const runs = new RunReader();

export interface BenchViewerOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly identity: string;
  /** Session channels, ascending, one at least. */
  readonly channels: readonly number[];
  /** Told of each burst, by the time of its first sample, when the message with it came. */
  readonly onBurst: (startNs: bigint) => void;
}

/**
 * A viewer that takes no more of a message apart than it needs to know which bursts are in it, so that many fit into
 * one process.
 */
export class BenchViewer {
  messages = 0;
  bytes = 0;
  /** Code with which the service closed the connection. */
  closedWith: number | undefined;
  readonly #socket: WebSocket;
  readonly #options: BenchViewerOptions;
  #isClosing = false;

  private constructor(options: BenchViewerOptions) {
    this.#options = options;
    const { url, token, identity } = options;
    const address = `${url.replace(/^http/, "ws")}/rta/v2/sessions/${encodeURIComponent(identity)}/stream`;
    this.#socket = new WebSocket(
      address,
      token === undefined ? [SUB_PROTOCOL] : [SUB_PROTOCOL, `bearer.${token}`],
    );
    this.#socket.onerror = () => {}; // the close that follows tells
    this.#socket.binaryType = "arraybuffer";
  }

  /** Resolves once the service has said what the session is. Rejects when it does not let the viewer in. */
  static async connect(options: BenchViewerOptions): Promise<BenchViewer> {
    const viewer = new BenchViewer(options);
    await viewer.#joined();
    return viewer;
  }

  close(): void {
    this.#isClosing = true;
    this.#socket.close();
  }

  #joined(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { channels } = this.#options;
      const timer = setTimeout(() => {
        this.close();
        reject(new CommandError(`the service let no viewer in within ${JOIN_TIMEOUT_MS / 1000} s`));
      }, JOIN_TIMEOUT_MS);
      this.#socket.onopen = () =>
        this.#socket.send(
          encodeRequest({ channelIds: [...channels], allDataChannels: false, allEvents: false }),
        );
      this.#socket.onmessage = ({ data }) => {
        clearTimeout(timer);
        resolve();
        this.#take(new Uint8Array(data as ArrayBuffer));
      };
      this.#socket.onclose = ({ code }) => {
        if (!this.#isClosing) this.closedWith = code;
        clearTimeout(timer);
        reject(new CommandError(`the service did not let a viewer in, or dropped it (${code})`));
      };
    });
  }

  #take(block: Uint8Array): void {
    this.messages += 1;
    this.bytes += block.length;
    const end = decompressInto(block, arena, 0, arena.length);
    items.reset();
    walkBurst(arena, 0, end, items);
    for (let item = 0; item < items.count; item++) {
      // Each burst has a run of each channel: the first one stands for it.
      if (items.kind[item] !== ItemKind.periodic || items.channel[item] !== this.#options.channels[0])
        continue;
      runs.read(arena, items, item);
      this.#options.onBurst(runs.timesNs[0]!);
    }
  }
}
