import { ByteWriter, varintBytes } from "./byte-writer.ts";
import type { SessionEvent } from "./items.ts";

const ITEM = 0x0a;
/** Tags of an item's members, and of their fields. What is zero or empty is left out, as proto3 has it. */
const MEMBER = { timestamped: 0x22, periodic: 0x2a, row: 0x32, event: 0x3a } as const;
const RUN = { channel: 0x08, start: 0x11, unit: 0x18, samples: 0x20, deltas: 0x22, data: 0x2a } as const;
const ROW = { channels: 0x0a, timestamp: 0x11, data: 0x1a } as const;
const EVENT = { definition: 0x08, app: 0x12, timestamp: 0x19, text: 0x22, values: 0x2a } as const;

const UTF8 = new TextEncoder();

/** What both kinds of run have. `unitNs`: of the deltas, or between periodic samples. */
export interface RunHead {
  channel: number;
  startNs: bigint;
  unitNs: bigint;
}

/** Writes items of a burst, each with its tag and length. */
export class ItemWriter extends ByteWriter {
  readonly #body = new ByteWriter();

  timestamped(head: RunHead, deltas: Uint8Array, data: Uint8Array): void {
    this.#head(head);
    this.#field(RUN.deltas, deltas);
    this.#field(RUN.data, data);
    this.#close(MEMBER.timestamped);
  }

  periodic(head: RunHead, samples: number, data: Uint8Array): void {
    this.#head(head);
    this.#integer(RUN.samples, samples);
    this.#field(RUN.data, data);
    this.#close(MEMBER.periodic);
  }

  row(channels: readonly number[], timestampNs: bigint, data: Uint8Array): void {
    const ids = new ByteWriter();
    for (const channel of channels) ids.varint(channel);
    this.#field(ROW.channels, ids.view());
    this.#time(ROW.timestamp, timestampNs);
    this.#field(ROW.data, data);
    this.#close(MEMBER.row);
  }

  event({ definition, app, timestampNs, text, values }: Required<SessionEvent>): void {
    this.#integer(EVENT.definition, definition);
    this.#field(EVENT.app, UTF8.encode(app));
    this.#time(EVENT.timestamp, timestampNs);
    this.#field(EVENT.text, UTF8.encode(text));
    const doubles = new ByteWriter();
    for (const value of values) doubles.double(value);
    this.#field(EVENT.values, doubles.view());
    this.#close(MEMBER.event);
  }

  #head({ channel, startNs, unitNs }: RunHead): void {
    this.#integer(RUN.channel, channel);
    this.#time(RUN.start, startNs);
    if (unitNs === 0n) return;
    this.#body.byte(RUN.unit);
    this.#body.int64(unitNs);
  }

  #integer(tag: number, value: number): void {
    if (value === 0) return;
    this.#body.byte(tag);
    this.#body.varint(value);
  }

  #time(tag: number, ns: bigint): void {
    if (ns === 0n) return;
    this.#body.byte(tag);
    this.#body.fixed64(ns);
  }

  #field(tag: number, content: Uint8Array): void {
    if (content.length === 0) return;
    this.#body.byte(tag);
    this.#body.varint(content.length);
    this.#body.bytes(content);
  }

  #close(member: number): void {
    const { length } = this.#body;
    const contentBytes = 1 + varintBytes(length) + length;
    this.byte(ITEM);
    this.varint(contentBytes);
    this.byte(member);
    this.varint(length);
    this.bytes(this.#body.view());
    this.#body.clear();
  }
}
