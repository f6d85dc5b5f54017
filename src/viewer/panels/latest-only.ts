/**
 * Runs a task that takes a while, again whenever asked to, but never twice at a time: requests during a run come to one
 * more run after it. Returns what asks.
 */
export function latestOnly(task: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    try {
      while (isWanted) {
        isWanted = false;
        await task();
      }
    } finally {
      isRunning = false;
    }
  };
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}
