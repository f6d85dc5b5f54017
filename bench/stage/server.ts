import { type Child, startChild } from "../../src/cli/child.ts";

/** A script in a process of its own that has said `ready ADDRESS`; it does not outlive this one. */
export async function startServer(
  script: string,
  variables: Record<string, string>,
): Promise<{ child: Child; address: string }> {
  const ready = Promise.withResolvers<string>();
  const child = await startChild(process.execPath, [script], {
    env: { ...process.env, ...variables },
    onLine: (line) => {
      if (line.startsWith("ready ")) ready.resolve(line.slice("ready ".length));
    },
  });
  void child.exited.then(() => ready.reject(new Error(`${script} ended:\n${child.tail()}`)));
  return { child, address: await ready.promise };
}
