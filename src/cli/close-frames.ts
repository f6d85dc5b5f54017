const CLOSE_OPCODE = 8;
const MASKED = 0x80;

/** Looks for a Close frame (RFC 6455, 5.2) in one direction of a WebSocket connection, whatever the chunks. */
export class CloseFrameFinder {
  /** Bytes of a frame's header that have come so far. */
  #header: number[] = [];
  #payloadLeft = 0;
  #found = false;

  /** Takes the next bytes; true once a whole Close frame has passed. */
  feed(chunk: Uint8Array): boolean {
    for (let at = 0; at < chunk.length && !this.#found; ) {
      if (this.#payloadLeft > 0) {
        const skipped = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= skipped;
        at += skipped;
      } else {
        this.#header.push(chunk[at++]!);
        const payload = payloadBytes(this.#header);
        if (payload === null) continue;
        this.#payloadLeft = payload;
      }
      if (this.#payloadLeft === 0) this.#endFrame();
    }
    return this.#found;
  }

  #endFrame(): void {
    this.#found = (this.#header[0]! & 0x0f) === CLOSE_OPCODE;
    this.#header = [];
  }
}

/** Length of the payload that follows a header; null while the header is not complete. */
function payloadBytes(header: readonly number[]): number | null {
  const [, second] = header;
  if (second === undefined) return null;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const mask = second & MASKED ? 4 : 0;
  if (header.length < 2 + extended + mask) return null;
  if (extended === 0) return short;
  return header.slice(2, 2 + extended).reduce((length, byte) => length * 256 + byte, 0);
}
