import Long from "long";
import { rta } from "../../src/wire/gen/rta.js";
import { compress } from "../../src/wire/lz4.ts";

const { ChunkTransferHeader } = rta.model.net.chunks;

export interface ChunkContent {
  readonly channels: readonly number[];
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** A serialized list message. */
  readonly list: Uint8Array;
  /** As they travel, when they are not what they should be. */
  readonly packed?: Uint8Array;
}

/** A body of chunked history, as servers send it: headers hold differences. */
export function historyBody(chunks: readonly ChunkContent[]): Uint8Array<ArrayBuffer> {
  let [startNs, durationNs, compression] = [0n, 0n, 0];
  const parts = chunks.flatMap((chunk) => {
    const packed = chunk.packed ?? compress(chunk.list);
    const durationOf = chunk.endNs - chunk.startNs;
    const header = ChunkTransferHeader.encode({
      chunkStartTimeDelta: Long.fromBigInt(chunk.startNs - startNs),
      chunkDurationDelta: Long.fromBigInt(durationOf - durationNs),
      channelIds: [...chunk.channels],
      compressionDelta: 1 - compression,
      unpackedLength: chunk.list.length,
      packedLength: packed.length,
    }).finish();
    [startNs, durationNs, compression] = [chunk.startNs, durationOf, 1];
    const prefix = new Uint8Array(4);
    new DataView(prefix.buffer).setUint32(0, header.length, true);
    return [prefix, header, packed];
  });
  return joined(parts);
}

/** A list of the bodies of burst items, each given as it stands in a burst. */
export function listOf(items: readonly Uint8Array[]): Uint8Array {
  return joined(
    items.flatMap((item) => {
      const body = rta.model.net.stream.StreamDataBurst.decode(item).data![0]!;
      const { timestampedData, periodicData, rowData, event } = body;
      const { TimestampedData, PeriodicData, RowData, Event } = rta.model.data;
      const bytes = (
        timestampedData
          ? TimestampedData.encode(timestampedData)
          : periodicData
            ? PeriodicData.encode(periodicData)
            : rowData
              ? RowData.encode(rowData)
              : Event.encode(event!)
      ).finish();
      return [Uint8Array.of(0x0a), varint(bytes.length), bytes];
    }),
  );
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function varint(value: number): Uint8Array {
  const bytes = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, value]);
}
