import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atExit } from "./at-exit.ts";

export interface TemporaryDirectory {
  readonly path: string;
  /** Deletes it and what is in it. Happens on its own when the process ends. */
  remove(): void;
}

/** Makes a directory that does not outlive this process. */
export function temporaryDirectory(): TemporaryDirectory {
  const path = mkdtempSync(join(tmpdir(), "slipstream-"));
  const remove = () => {
    forget();
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  };
  const forget = atExit(remove);
  return { path, remove };
}
