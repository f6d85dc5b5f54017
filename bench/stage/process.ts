import { readFileSync } from "node:fs";

/** The kernel counts CPU time in hundredths of a second (USER_HZ on every Linux that Node runs on). */
const TICK_MS = 10;

/** CPU time that a process has used, user and system, in all its threads: ms. */
export function cpuMs(pid: number): number {
  // The name, second, may hold anything but is in parentheses; utime and stime are the 14th and 15th field.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Memory of a process that is in RAM. */
export function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}
