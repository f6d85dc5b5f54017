import { isProtected } from "./protected-url.ts";

/** What a token must be, where tokens are asked for. */
export interface AuthSettings {
  /** Issuer, as it stands in tokens and in its discovery document. */
  readonly authority: string;
  readonly audience: string;
  /** Claim that names the sessions which a token is good for; undefined: all. */
  readonly sessionsClaim: string | undefined;
}

/** The settings of the Worker, from its vars and secrets. */
export interface Settings {
  /** Null: no token is asked for. */
  readonly auth: AuthSettings | null;
  readonly redisUrl: string;
  readonly redisToken: string;
  readonly backScanMs: number;
  readonly lingerMs: number;
  readonly idleMs: number;
  readonly viewerQueueBytes: number;
  readonly trimmerEnabled: boolean;
  /** Entries kept in each stream. */
  readonly trimmerLength: number;
  readonly trimmerIntervalMs: number;
  readonly trimmerApproximate: boolean;
  /** Age that entries may reach; undefined: any. */
  readonly trimmerRetentionMs: number | undefined;
  readonly keyTemplate: string | undefined;
  readonly origin: string | undefined;
  /** Origins whose pages may open streams, beside the service's own; undefined: any. */
  readonly allowedOrigins: ReadonlySet<string> | undefined;
  readonly label: string;
  readonly description: string;
}

/** A setting that is missing or has a value that is not allowed. The message never quotes a secret. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SettingsError";
  }
}

interface Row<T> {
  readonly name: string;
  /** Undefined for a text that is not allowed. */
  readonly parse: (text: string) => T | undefined;
  readonly allowed: string;
  readonly fallback?: T;
  readonly secret?: boolean;
}

/** A queue must hold one message of the usual size. */
const MIN_QUEUE_BYTES = 64 * 1024;
const MAX_SECONDS = 7 * 24 * 3600;

function secondsRow(name: string, fallbackSeconds: number, minSeconds = 0): Row<number> {
  return {
    name,
    parse: (text) => {
      const seconds = Number(text);
      const isAllowed = /^\d+(\.\d+)?$/.test(text) && seconds >= minSeconds && seconds <= MAX_SECONDS;
      return isAllowed ? Math.round(seconds * 1000) : undefined;
    },
    allowed: `seconds from ${minSeconds} to ${MAX_SECONDS}`,
    fallback: fallbackSeconds * 1000,
  };
}

function flagRow(name: string, fallback: boolean): Row<boolean> {
  const values = new Map([
    ["true", true],
    ["false", false],
  ]);
  return { name, parse: (text) => values.get(text.toLowerCase()), allowed: "true or false", fallback };
}

function parseHttpUrl(text: string): string | undefined {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? text.replace(/\/+$/, "") : undefined;
}

/** Kept as it is: a slash at the end is part of a name. */
function parseIssuer(text: string): string | undefined {
  const url = URL.parse(text);
  return isProtected(url) && url?.username === "" && !/[?#]/.test(text) ? text : undefined;
}

/** `self` adds nothing: it is for those who want nothing else. */
function parseOrigins(text: string): ReadonlySet<string> | undefined {
  const names = text.split(/\s+/).filter((name) => name !== "self");
  return names.every((name) => URL.parse(name)?.origin === name) ? new Set(names) : undefined;
}

type Rows<T> = { readonly [K in keyof T]: Row<T[K]> };

const AUTH_ENABLED = flagRow("RTA_ENABLEAUTH", false);
const AUTH_ROWS: Rows<AuthSettings> = {
  authority: {
    name: "RTA_AUTH__AUTHORITY",
    parse: parseIssuer,
    allowed: "the https URL of an OpenID provider, as it names itself (http for this machine only)",
  },
  audience: {
    name: "RTA_AUTH__AUDIENCE",
    parse: String,
    allowed: "the audience that tokens are issued for",
  },
  sessionsClaim: {
    name: "RTA_AUTH__SESSIONSCLAIM",
    parse: String,
    allowed: "the name of a claim",
    fallback: undefined,
  },
};

const ROWS: Rows<Omit<Settings, "auth">> = {
  redisUrl: {
    name: "UPSTASH_REDIS_REST_URL",
    parse: parseHttpUrl,
    allowed: "the http(s) URL of the Redis gateway",
  },
  redisToken: {
    name: "UPSTASH_REDIS_REST_TOKEN",
    parse: (text) => (/^[\x21-\x7e]+$/.test(text) ? text : undefined),
    allowed: "the gateway's bearer token, printable and without spaces",
    secret: true,
  },
  backScanMs: secondsRow("RTA_BACKSCAN__SECONDS", 300),
  lingerMs: secondsRow("RTA_LINGER__SECONDS", 10),
  idleMs: secondsRow("RTA_IDLE__SECONDS", 600),
  viewerQueueBytes: {
    name: "RTA_VIEWERQUEUE__BYTES",
    parse: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= MIN_QUEUE_BYTES ? Number(text) : undefined),
    allowed: `bytes, ${MIN_QUEUE_BYTES} or more`,
    fallback: 8 * 1024 * 1024,
  },
  trimmerEnabled: flagRow("RTA_ENABLETRIMMER", true),
  trimmerLength: {
    name: "RTA_TRIMMER__TARGETSTREAMLENGTH",
    parse: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= 1 ? Number(text) : undefined),
    allowed: "entries, 1 to 999999999",
    fallback: 10_000,
  },
  trimmerIntervalMs: secondsRow("RTA_TRIMMER__INTERVAL", 30, 1),
  trimmerApproximate: flagRow("RTA_TRIMMER__APPROXLENGTH", false),
  trimmerRetentionMs: {
    ...secondsRow("RTA_TRIMMER__RETENTIONSECONDS", 0, 1),
    fallback: undefined,
  },
  keyTemplate: {
    name: "RTA_SESSIONKEYTEMPLATE",
    parse: (text) => (text.includes("{identity}") ? text : undefined),
    allowed: "a Redis key with {identity} in it",
    fallback: undefined,
  },
  origin: {
    name: "RTA_ORIGIN",
    parse: parseHttpUrl,
    allowed: "the http(s) base URL of an RTA REST API",
    fallback: undefined,
  },
  allowedOrigins: {
    name: "RTA_ALLOWEDORIGINS",
    parse: parseOrigins,
    allowed: "self, or origins like https://pitwall.example.org with spaces between them",
    fallback: undefined,
  },
  label: { name: "RTA_SERVICEINFO__LABEL", parse: String, allowed: "a text", fallback: "Slipstream" },
  description: {
    name: "RTA_SERVICEINFO__DESCRIPTION",
    parse: String,
    allowed: "a text",
    fallback: "RTA Stream Service for the edge",
  },
};

/** Reads and checks all settings. Names match in any letter case. Throws SettingsError for the first fault. */
export function readSettings(env: object): Settings {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (typeof value === "string") texts.set(name.toUpperCase(), value.trim());
  }
  const auth = readRow(AUTH_ENABLED, texts) ? readRows(AUTH_ROWS, texts) : null;
  return { ...readRows(ROWS, texts), auth };
}

const KNOWN_NAMES = new Set(
  [AUTH_ENABLED, ...Object.values(AUTH_ROWS), ...Object.values(ROWS)].map(({ name }) => name),
);

/** Names that look like settings and are none: slips of the pen, or options of the reference that have no use here. */
export function unknownSettings(env: object): string[] {
  return Object.keys(env).filter((name) => /^RTA_/i.test(name) && !KNOWN_NAMES.has(name.toUpperCase()));
}

function readRows<T>(rows: Rows<T>, texts: ReadonlyMap<string, string>): T {
  const entries = Object.entries(rows).map(([key, row]) => [key, readRow(row as Row<unknown>, texts)]);
  return Object.fromEntries(entries) as T;
}

function readRow(row: Row<unknown>, texts: ReadonlyMap<string, string>): unknown {
  const text = texts.get(row.name) ?? "";
  if (text === "") {
    if ("fallback" in row) return row.fallback;
    throw new SettingsError(`${row.name} is not set; it must be ${row.allowed}`);
  }
  const value = row.parse(text);
  if (value !== undefined) return value;
  const shown = row.secret ? "the value" : quote(text);
  throw new SettingsError(`${row.name}: ${shown} is not allowed; it must be ${row.allowed}`);
}

/** For the log, and for /health, which is open: without a password, or what may be a token in the wrong place. */
function quote(text: string): string {
  const isOpaque = /^[\w+/=.-]{32,}$/.test(text);
  return isOpaque ? "the value" : JSON.stringify(text.replace(/\/\/.*@/s, "//…@"));
}
