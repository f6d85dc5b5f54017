/**
 * What a message holds: `urgent` is metadata and events, `bulk` anything but these, `mixed` both. Urgent messages overtake
 * bulk ones, and no other order changes: of one channel, of events, of metadata.
 */
export type MessageKind = "urgent" | "bulk" | "mixed";

/** Messages that wait until a viewer's socket has room. They are shared with other viewers, not copied. */
export class Outbox {
  /** What urgent messages must not overtake. */
  #first: Uint8Array[] = [];
  #urgent: Uint8Array[] = [];
  #bulk: Uint8Array[] = [];
  #bytes = 0;

  /** Of all messages. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#bytes === 0;
  }

  add(message: Uint8Array, kind: MessageKind): void {
    this.#bytes += message.byteLength;
    if (kind === "urgent") this.#urgent.push(message);
    else if (kind === "bulk") this.#bulk.push(message);
    else {
      this.#first = [...this.#first, ...this.#urgent, ...this.#bulk, message];
      this.#urgent = [];
      this.#bulk = [];
    }
  }

  /** The message to be sent next, taken out; undefined when there is none. */
  take(): Uint8Array | undefined {
    const message = this.#first.shift() ?? this.#urgent.shift() ?? this.#bulk.shift();
    this.#bytes -= message?.byteLength ?? 0;
    return message;
  }
}
