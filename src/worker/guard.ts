import { authorize, refuse } from "./auth.ts";
import { countAuth } from "./auth-report.ts";
import { Authority } from "./authority.ts";
import type { Visit } from "./carried-token.ts";
import type { Settings } from "./config.ts";
import { log } from "./log.ts";
import { type Grant, type Need, UNLIMITED } from "./rights.ts";

let current: Authority | undefined;

/** Serves a request that may have what it needs, or refuses it. */
export async function guard(
  { carried }: Visit,
  need: Need,
  { auth }: Settings,
  env: Env,
  serve: (grant: Grant) => Response | Promise<Response>,
): Promise<Response> {
  if (auth === null) return serve(UNLIMITED);
  const authority = authorityAt(auth.authority, env);
  const allowed = await authorize(carried, need, auth, { authority, now: () => Date.now() });
  if (allowed.ok) return serve(allowed.value);
  countAuth(allowed.reason, env);
  return refuse(allowed.reason);
}

/** The same for all requests of an isolate: keys are fetched once. */
function authorityAt(issuer: string, env: Env): Authority {
  if (current?.issuer !== issuer) {
    current = new Authority(issuer, {
      fetch: (input, init) => fetch(input, init),
      now: () => Date.now(),
      sleep: (ms) => scheduler.wait(ms),
      onFailure: (reason) => {
        log("authority-failed", { reason });
        countAuth("authority-failed", env);
      },
    });
  }
  return current;
}
