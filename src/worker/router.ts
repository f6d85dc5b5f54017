import { version } from "../../package.json";
import { readSettings, type Settings, SettingsError } from "./config.ts";
import type { Env } from "./env.ts";
import { checkHealth } from "./health.ts";
import { log } from "./log.ts";
import { renderMetrics } from "./metrics.ts";
import { passToOrigin, serviceInfo } from "./origin.ts";
import { fault, text } from "./replies.ts";
import { renderTrimmerFigures } from "./trimmer-figures.ts";
import { connect } from "./upgrade.ts";

const STREAM_PATH = /^\/rta\/v2\/sessions\/([^/]+)\/stream$/;

/** One request to one answer. */
export async function route(request: Request, env: Env): Promise<Response> {
  const url = new URL(request.url);
  const { pathname } = url;
  const stream = STREAM_PATH.exec(pathname);
  if (stream) return connectStream(request, env, stream[1]!);
  if (pathname.startsWith("/rta/v2/")) return rest(request, url, env);
  const serve = pathname in PAGES && PAGES[pathname as keyof typeof PAGES];
  if (!serve) return fault("notFound");
  if (request.method !== "GET" && request.method !== "HEAD")
    return fault("badMethod", { Allow: "GET, HEAD" });
  return serve(request, env);
}

const PAGES = {
  "/": async (request: Request) =>
    request.headers.get("Accept")?.includes("text/html")
      ? new Response(null, { status: 302, headers: { Location: "/viewer/", Vary: "Accept" } })
      : text(200, `slipstream ${version}\n`, { Vary: "Accept" }),
  "/health": async (_request: Request, env: Env) => {
    const { healthy, reason } = await checkHealth(env);
    return healthy ? text(200, "Healthy\n") : text(503, `Unhealthy\n${reason}\n`);
  },
  "/metrics": async (_request: Request, env: Env) => {
    const { healthy } = await checkHealth(env);
    const [totals, trimming] = await Promise.all([
      env.METRICS.getByName("metrics").totals(),
      env.TRIMMER.getByName("trimmer").figures(),
    ]);
    return text(200, renderMetrics(totals, healthy) + renderTrimmerFigures(trimming));
  },
};

function connectStream(request: Request, env: Env, segment: string): Promise<Response> | Response {
  const identity = decodeSegment(segment);
  if (identity === null) return fault("notFound");
  return withSettings(env, () => connect(request, identity, env));
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

function rest(request: Request, url: URL, env: Env): Promise<Response> | Response {
  return withSettings(env, (settings) => {
    if (settings.origin !== undefined) return passToOrigin(request, url, settings.origin);
    return url.pathname === "/rta/v2/info" ? serviceInfo(settings) : fault("notFound");
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
