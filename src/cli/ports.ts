import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { CommandError } from "./command-error.ts";

/** Below what systems give to outgoing connections: one of those could take a port before it is listened on. */
const FREE_PORTS = { first: 10_000, last: 32_767 };

/** A TCP port of `host` that nobody listens on at this moment. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  for (;;) {
    try {
      return await bind(randomInt(FREE_PORTS.first, FREE_PORTS.last + 1), host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

/** Rejects with an error that names `variable` (the setting to change) when `port` is taken. */
export async function requireFreePort(port: number, variable: string, host = "127.0.0.1"): Promise<void> {
  try {
    await bind(port, host);
  } catch (error) {
    throw portError(error, port, variable, host);
  }
}

/** The error to show when listening on `port` failed with `error`. */
export function portError(error: unknown, port: number, variable: string, host: string): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const why = code === "EADDRINUSE" ? "is in use" : `cannot be opened (${code})`;
  return new CommandError(`port ${port} of ${host} ${why}; set ${variable} to another one`);
}

/** Reads a port from an environment variable. Throws when it is not one. */
export function portFrom(env: NodeJS.ProcessEnv, variable: string, fallback: number): number {
  const text = env[variable];
  if (text === undefined || text === "") return fallback;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535)
    throw new CommandError(`${variable} must be a port, not "${text}"`);
  return port;
}

function bind(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });
}
