import { startBackend } from "./backend.ts";
import { startCar } from "./car.ts";
import { CommandError } from "./command-error.ts";
import { startOrigin } from "./origin.ts";
import { portFrom } from "./ports.ts";
import { runCommand } from "./run-command.ts";
import { startWorker } from "./worker.ts";

/** The time range of a session grows in REST this often; in the stream with every burst. */
const REST_REFRESH_MS = 5_000;

/** `npm run demo`: everything that shows a live session, from a car that drives to the page that follows it. */
await runCommand(async (scope) => {
  const { log, cleanUp, endWith } = scope;
  const port = portFrom(process.env, "PORT", 8787);
  if (process.env.UPSTASH_REDIS_REST_URL && !process.env.REDIS_URL) {
    throw new CommandError(
      "the demo car writes to Redis itself, not over HTTP: set REDIS_URL to the Redis behind UPSTASH_REDIS_REST_URL",
    );
  }
  const { redisUrl, vars } = await startBackend(scope, process.env);
  const origin = await startOrigin();
  cleanUp(origin.stop);
  log("starting the Worker");
  const worker = await startWorker({
    port,
    vars: { ...vars, RTA_ORIGIN: origin.url },
    args: ["--log-level", "warn", ...process.argv.slice(2)],
    log,
  });
  cleanUp(worker.stop);
  endWith(worker.exited, "the Worker");
  const car = await startCar({ redisUrl: redisUrl!, log, onSession: origin.publishSession });
  cleanUp(() => car.stop()); // first of all to stop: the session gets its closing message while Redis is there
  origin.publishConfig(car.configIdentifier, car.configJson);
  const refresh = setInterval(() => origin.publishSession(car.sessionJson()), REST_REFRESH_MS);
  cleanUp(async () => clearInterval(refresh));
  log(`a car is on its circuit; Ctrl+C ends the session. Watch it at`);
  log(`${worker.url}/viewer/?session=${encodeURIComponent(car.identity)}`);
});
