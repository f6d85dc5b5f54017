/** What an item holds: the field number of the StreamData member that is set, 0 for none that is known. */
export const ItemKind = {
  unknown: 0,
  sessionJson: 2,
  timeRange: 3,
  timestamped: 4,
  periodic: 5,
  row: 6,
  event: 7,
} as const;

/** Room for a typical burst of 64 KiB without growing. */
const INITIAL_ITEMS = 512;

/**
 * Items of one or more bursts as columns, row i of each being item i. Made to be reused: `reset()`, then `walkBurst`.
 * All positions are offsets in the buffer that was walked.
 */
export class ItemTable {
  count = 0;
  /** An ItemKind. */
  kind = new Uint8Array(INITIAL_ITEMS);
  /** The item as it stands in its burst, its tag included: [start, end) can be joined to another burst. */
  start = new Uint32Array(INITIAL_ITEMS);
  end = new Uint32Array(INITIAL_ITEMS);
  /** Content of the member that is set: JSON text, or the fields of the embedded message. Empty for an unknown kind. */
  bodyStart = new Uint32Array(INITIAL_ITEMS);
  bodyEnd = new Uint32Array(INITIAL_ITEMS);
  /** Channel of timestamped and periodic items; 0 for the others. */
  channel = new Uint32Array(INITIAL_ITEMS);

  reset(): void {
    this.count = 0;
  }

  append(
    kind: number,
    start: number,
    end: number,
    bodyStart: number,
    bodyEnd: number,
    channel: number,
  ): void {
    if (this.count === this.kind.length) this.#grow();
    const item = this.count++;
    this.kind[item] = kind;
    this.start[item] = start;
    this.end[item] = end;
    this.bodyStart[item] = bodyStart;
    this.bodyEnd[item] = bodyEnd;
    this.channel[item] = channel;
  }

  #grow(): void {
    const length = this.kind.length * 2;
    const kind = new Uint8Array(length);
    kind.set(this.kind);
    this.kind = kind;
    for (const name of ["start", "end", "bodyStart", "bodyEnd", "channel"] as const) {
      const column = new Uint32Array(length);
      column.set(this[name]);
      this[name] = column;
    }
  }
}
