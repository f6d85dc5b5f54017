import { invalid } from "./errors.ts";

/** Throws unless it is an unsigned integer of 32 bits. */
export function checkChannel(channel: unknown, name = "channel"): void {
  if (typeof channel !== "number" || channel >>> 0 !== channel) {
    throw invalid(`${name} must be an integer from 0 to 4294967295, not ${show(channel)}`);
  }
}

/** Throws unless it is a bigint of 64 bits, signed. */
export function checkNs(ns: unknown, name: string): void {
  if (typeof ns !== "bigint" || BigInt.asIntN(64, ns) !== ns) {
    throw invalid(`${name} must be a bigint of nanoseconds within 64 bits, not ${show(ns)}`);
  }
}

export function checkText(text: unknown, name: string): void {
  if (typeof text !== "string") throw invalid(`${name} must be a text, not ${show(text)}`);
}

export function checkList(list: unknown, name: string): void {
  if (!Array.isArray(list)) throw invalid(`${name} must be an array, not ${show(list)}`);
}

export function checkBytes(bytes: unknown, name: string): void {
  if (!(bytes instanceof Uint8Array)) throw invalid(`${name} must be a Uint8Array, not ${show(bytes)}`);
}

/** A value as it may stand in a message. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "number" || value == null ? String(value) : `a ${typeof value}`;
}
