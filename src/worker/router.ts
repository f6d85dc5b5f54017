import { version } from "../../package.json";
import { readVisit, type Visit } from "./carried-token.ts";
import { readSettings, type Settings, SettingsError } from "./config.ts";
import { guard } from "./guard.ts";
import { checkHealth } from "./health.ts";
import { log } from "./log.ts";
import { renderMetrics } from "./metrics.ts";
import { passToOrigin, serviceInfo } from "./origin.ts";
import { fault, text } from "./replies.ts";
import { type Need, restNeed } from "./rights.ts";
import { renderTrimmerFigures } from "./trimmer-figures.ts";
import { connect } from "./upgrade.ts";

const STREAM_PATH = /^\/rta\/v2\/sessions\/([^/]+)\/stream$/;

/** One request to one answer. */
export async function route(request: Request, env: Env): Promise<Response> {
  const visit = readVisit(request);
  const { pathname } = visit.url;
  const stream = STREAM_PATH.exec(pathname);
  if (stream) return connectStream(visit, env, stream[1]!);
  if (pathname.startsWith("/rta/v2/")) return rest(visit, env);
  const serve = pathname in PAGES && PAGES[pathname as keyof typeof PAGES];
  if (!serve) return fault("notFound");
  return isReading(request) ? serve(visit, env) : fault("badMethod", { Allow: "GET, HEAD" });
}

function isReading({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

const ALL_SESSIONS: Need = { kind: "all-sessions" };

const PAGES = {
  "/": async ({ request }: Visit) =>
    request.headers.get("Accept")?.includes("text/html")
      ? new Response(null, { status: 302, headers: { Location: "/viewer/", Vary: "Accept" } })
      : text(200, `slipstream ${version}\n`, { Vary: "Accept" }),
  "/health": async (_visit: Visit, env: Env) => {
    const { healthy, reason } = await checkHealth(env);
    return healthy ? text(200, "Healthy\n") : text(503, `Unhealthy\n${reason}\n`);
  },
  "/metrics": (visit: Visit, env: Env) =>
    withSettings(env, (settings) => guard(visit, ALL_SESSIONS, settings, env, () => metrics(env))),
};

async function metrics(env: Env): Promise<Response> {
  const { healthy } = await checkHealth(env);
  const [totals, trimming] = await Promise.all([
    env.METRICS.getByName("metrics").totals(),
    env.TRIMMER.getByName("trimmer").figures(),
  ]);
  return text(200, renderMetrics(totals, healthy) + renderTrimmerFigures(trimming));
}

function connectStream(visit: Visit, env: Env, segment: string): Promise<Response> | Response {
  const identity = decodeSegment(segment);
  if (identity === null) return fault("notFound");
  const need: Need = { kind: "session", identity };
  return withSettings(env, (settings) =>
    mayConnect(visit, settings)
      ? guard(visit, need, settings, env, (grant) => connect(visit.request, identity, grant, env))
      : fault("foreignOrigin"),
  );
}

/** Browsers say whose page wants a WebSocket and leave it to the server to mind; other clients say nothing. */
function mayConnect({ request, url }: Visit, { allowedOrigins }: Settings): boolean {
  const origin = request.headers.get("Origin");
  if (allowedOrigins === undefined || origin === null) return true;
  return allowedOrigins.has(origin) || URL.parse(origin)?.host === url.host;
}

/** An object is not told a longer name of its own (workerd, 2026-11), and could not find its session. */
const MAX_IDENTITY_BYTES = 1_024;

/** Identities may hold any character, a slash as `%2F`. Null for what is none: no percent-encoding, or too long. */
function decodeSegment(segment: string): string | null {
  try {
    const identity = decodeURIComponent(segment);
    return new TextEncoder().encode(identity).byteLength <= MAX_IDENTITY_BYTES ? identity : null;
  } catch {
    return null;
  }
}

const INFO_PATH = "/rta/v2/info";

function rest(visit: Visit, env: Env): Promise<Response> | Response {
  return withSettings(env, (settings) => {
    const { pathname } = visit.url;
    const { origin, auth } = settings;
    if (origin === undefined) return pathname === INFO_PATH ? serviceInfo(settings) : fault("notFound");
    // Open: clients ask here whether a token is needed.
    if (pathname === INFO_PATH && isReading(visit.request)) return passToOrigin(visit, origin, false);
    return guard(visit, restNeed(pathname), settings, env, () => passToOrigin(visit, origin, auth !== null));
  });
}

function withSettings<T>(env: Env, serve: (settings: Settings) => T): T | Response {
  let settings: Settings;
  try {
    settings = readSettings(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    log("bad-setting", { reason: error.message });
    return fault("misconfigured");
  }
  return serve(settings);
}
