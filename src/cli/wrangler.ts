import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where wrangler.toml is. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** The wrangler that the project brings; a script for Node. */
export const WRANGLER = join(
  dirname(createRequire(import.meta.url).resolve("wrangler/package.json")),
  "bin/wrangler.js",
);

/** What keeps wrangler to this machine, and its output to the point. */
export const WRANGLER_ENV = {
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_SEND_ERROR_REPORTS: "false",
  WRANGLER_HIDE_BANNER: "true",
  DO_NOT_TRACK: "1",
  NO_UPDATE_NOTIFIER: "1",
  FORCE_COLOR: "0",
};
