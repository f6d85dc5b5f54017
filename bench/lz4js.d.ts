/** The parts of lz4js 0.2.0 that the bench measures; the package has no types. */
declare module "lz4js" {
  export function makeBuffer(size: number): Uint8Array;
  export function compressBlock(
    source: Uint8Array,
    target: Uint8Array,
    start: number,
    length: number,
    hashTable: Uint32Array,
  ): number;
  export function decompressBlock(
    source: Uint8Array,
    target: Uint8Array,
    start: number,
    length: number,
    targetStart: number,
  ): number;
}
