const pending = new Set<() => void>();

/**
 * Runs `cleanUp` when this process ends, unless what is returned has been called before. One listener serves all:
 * a test run has dozens of children and directories at a time.
 */
export function atExit(cleanUp: () => void): () => void {
  if (pending.size === 0) process.on("exit", runAll);
  pending.add(cleanUp);
  return () => {
    pending.delete(cleanUp);
    if (pending.size === 0) process.removeListener("exit", runAll);
  };
}

function runAll(): void {
  for (const cleanUp of pending) cleanUp();
}
