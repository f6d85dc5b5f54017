import { mustBe } from "./errors.ts";
import type { Runtime } from "./runtime.ts";
import type { Store } from "./store.ts";
import type { FollowHandlers } from "./updates.ts";

const MAX_CHANNEL = 0xffffffff;

/** What of a session is wanted. */
export interface Subscription {
  /**
   * Parameters by id (`vCar:Chassis`) or by name, which may mean one in each application. They are looked up whenever
   * a configuration becomes known; one that is not found is reported as `unknown-parameter` and stays wanted.
   */
  readonly parameters?: readonly string[] | undefined;
  /** Session channel numbers (a binding's `channelOffset` included), or every channel. */
  readonly channels?: readonly number[] | "all" | undefined;
  /** All events. */
  readonly events?: boolean | undefined;
}

/** How to follow a session. */
export interface FollowOptions extends Subscription {
  /** Called with what happens. Instead, or as well, loop over what `follow` returns. */
  readonly on?: FollowHandlers | undefined;
  /**
   * OAuth 2 bearer token, or what gets one. A function is asked before each attempt to connect, and again when a token
   * has been refused; the same token twice ends following with the cause `refused`.
   */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Takes all samples in: one ordered view without gaps of REST history, backfill and live data. */
  readonly store?: Store | undefined;
  /** Also read what REST has of the wanted channels, and of events if these are wanted. Default: with a store. */
  readonly history?: boolean | undefined;
  /** Ends following. */
  readonly signal?: AbortSignal | undefined;
  /** Parts of the platform to replace; on Node 20 `{ WebSocket }`, such as that of the package ws. */
  readonly runtime?: Partial<Runtime> | undefined;
}

/** Base URL without a slash at the end, http or https. Throws ClientError. */
export function checkUrl(url: string | URL): string {
  const text = String(url);
  mustBe(
    URL.canParse(text) && /^(http|ws)s?:\/\//i.test(text),
    "url",
    "the base URL of a Stream Service, http(s) or ws(s)",
  );
  const { protocol, host, pathname } = new URL(text);
  return `${protocol.replace("ws", "http")}//${host}${pathname.replace(/\/+$/, "")}`;
}

/** Throws ClientError that names what is wrong. */
export function checkOptions(options: FollowOptions): void {
  mustBe(typeof options === "object" && options !== null, "options", "an object");
  const { on, token, store, history, signal } = options;
  checkSubscription(options, "options.");
  for (const [name, handler] of Object.entries(on ?? {}))
    mustBe(handler === undefined || typeof handler === "function", `options.on.${name}`, "a function");
  mustBe(
    token === undefined || typeof token === "function" || isToken(token),
    "options.token",
    "a bearer token, or a function that returns one",
  );
  mustBe(
    store === undefined || typeof store?.add === "function",
    "options.store",
    "a store that createStore made",
  );
  mustBe(history === undefined || typeof history === "boolean", "options.history", "true or false");
  mustBe(signal === undefined || signal instanceof AbortSignal, "options.signal", "an AbortSignal");
}

/** Throws ClientError that names what is wrong. */
export function checkSubscription(wanted: Subscription, prefix = ""): void {
  const { parameters = [], channels = [], events } = wanted;
  mustBe(
    Array.isArray(parameters) && parameters.every((name) => typeof name === "string" && name !== ""),
    `${prefix}parameters`,
    "a list of parameter names",
  );
  mustBe(
    channels === "all" || (Array.isArray(channels) && channels.every(isChannel)),
    `${prefix}channels`,
    `a list of whole numbers from 0 to ${MAX_CHANNEL}, or "all"`,
  );
  mustBe(events === undefined || typeof events === "boolean", `${prefix}events`, "true or false");
}

/** What a header can carry (RFC 6750). */
export function isToken(token: unknown): token is string {
  return typeof token === "string" && /^[\w.~+/-]+=*$/.test(token);
}

function isChannel(channel: unknown): boolean {
  return Number.isInteger(channel) && (channel as number) >= 0 && (channel as number) <= MAX_CHANNEL;
}
