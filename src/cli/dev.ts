import { startBackend } from "./backend.ts";
import { portFrom } from "./ports.ts";
import { runCommand } from "./run-command.ts";
import { startWorker } from "./worker.ts";

/** `npm run dev`: the Worker and its gateway. Arguments of this command are passed on to `wrangler dev`. */
await runCommand(async (scope) => {
  const port = portFrom(process.env, "PORT", 8787);
  const { vars } = await startBackend(scope, process.env);
  scope.log("starting the Worker");
  const worker = await startWorker({ port, vars, args: process.argv.slice(2), log: scope.log });
  scope.cleanUp(worker.stop);
  scope.endWith(worker.exited, "the Worker");
  scope.log(`ready ${worker.url}`);
});
