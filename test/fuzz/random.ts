/** A reproducible source of randomness: the same seed gives the same case, on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 32 random bits, unsigned (splitmix32). */
  bits(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  /** An integer in [0, limit). */
  below(limit: number): number {
    return Math.floor((this.bits() / 2 ** 32) * limit);
  }

  chance(probability: number): boolean {
    return this.bits() / 2 ** 32 < probability;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  /** An integer of any magnitude up to `maxBits` bits: edges are as likely as the middle. */
  magnitude(maxBits: number): number {
    return Math.floor((this.bits() / 2 ** 32) * 2 ** this.below(maxBits + 1));
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.bits() & 0xff);
  }

  /** Bytes with the repeats that LZ4 lives on: a mix of noise, constant stretches and copies of what came before. */
  packable(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const end = Math.min(length, at + 1 + this.magnitude(10));
      const distance = 1 + this.magnitude(17);
      if (at >= distance && this.chance(0.6)) for (; at < end; at++) bytes[at] = bytes[at - distance]!;
      else if (this.chance(0.5)) bytes.fill(this.bits() & 0xff, at, end);
      else bytes.set(this.bytes(end - at), at);
      at = end;
    }
    return bytes;
  }

  /** A copy of `bytes` with one to four bytes changed, removed, repeated or added. */
  mutate(bytes: Uint8Array): Uint8Array {
    const out = [...bytes];
    for (let left = 1 + this.below(4); left > 0; left--) {
      const at = this.below(out.length + 1);
      const change = this.below(5);
      if (change === 0) out[at] = (out[at] ?? 0) ^ (1 << this.below(8));
      else if (change === 1) out[at] = this.pick([0, 1, 0x0a, 0x7f, 0x80, 0xff, this.below(256)]);
      else if (change === 2) out.splice(at, 1 + this.magnitude(4));
      else if (change === 3) out.splice(at, 0, this.below(256));
      else out.splice(at, 0, ...out.slice(at, at + this.magnitude(5)));
    }
    return Uint8Array.from(out);
  }
}
