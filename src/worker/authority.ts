import { createLocalJWKSet, type JSONWebKeySet } from "jose";
import { isProtected } from "./protected-url.ts";

/** After this keys are fetched again, so that one that was withdrawn goes. */
const FRESH_MS = 10 * 60_000;
/** While the authority is away its last keys go on for as long; tokens hardly live longer, and new ones are not made. */
const LONGEST_USE_MS = 12 * 3_600_000;
/** Between fetches for keys that tokens name and nobody knows: whoever sends those does not reach the authority. */
const SEARCH_INTERVAL_MS = 10_000;
/** Between attempts to reach an authority that is away. */
const RETRY_INTERVAL_MS = 5_000;
/** For both documents together. */
const FETCH_TIMEOUT_MS = 4_000;
const WAIT_MS = 25;
/** A key is about 1 KB, and an authority has a handful. */
const MAX_DOCUMENT_BYTES = 256 * 1024;

export interface AuthorityDeps {
  readonly fetch: typeof fetch;
  /** ms since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** The authority could not be asked; `reason` is for the log. */
  readonly onFailure: (reason: string) => void;
}

/**
 * The keys of an OpenID provider, found by its discovery document. They are cached as values: in Workers one request
 * cannot await the promise of another, so that those which come while keys are being fetched look again now and then.
 */
export class Authority {
  readonly issuer: string;
  readonly #deps: AuthorityDeps;
  #keys: { readonly set: JSONWebKeySet; readonly atMs: number } | null = null;
  #failedAtMs = Number.NEGATIVE_INFINITY;
  #searchedAtMs = Number.NEGATIVE_INFINITY;
  /** Until when a request that is at it may take: it can end without notice. */
  #busyUntilMs = 0;

  constructor(issuer: string, deps: AuthorityDeps) {
    this.issuer = issuer;
    this.#deps = deps;
  }

  /** The keys; null when there are none that may be used and the authority is away. */
  async keys(): Promise<JSONWebKeySet | null> {
    const { now } = this.#deps;
    const isUrgent = this.#ageMs >= LONGEST_USE_MS;
    if (this.#ageMs >= FRESH_MS && (isUrgent || !this.#isBusy)) {
      await this.#refresh(now() - this.#failedAtMs >= RETRY_INTERVAL_MS);
    }
    return this.#ageMs < LONGEST_USE_MS ? this.#keys!.set : null;
  }

  /** Looks for a key that is not in `known`. The keys then; null when the authority cannot say. */
  async keysBeyond(known: JSONWebKeySet): Promise<JSONWebKeySet | null> {
    const { now } = this.#deps;
    if (this.#keys?.set === known) {
      const isDue = now() - this.#searchedAtMs >= SEARCH_INTERVAL_MS;
      if (isDue) this.#searchedAtMs = now();
      await this.#refresh(isDue);
    }
    return this.#keys && this.#keys.atMs > this.#failedAtMs ? this.#keys.set : null;
  }

  get #ageMs(): number {
    return this.#keys ? this.#deps.now() - this.#keys.atMs : Number.POSITIVE_INFINITY;
  }

  get #isBusy(): boolean {
    return this.#deps.now() < this.#busyUntilMs;
  }

  /** Waits for the request that fetches the keys; when there is none, and `isDue`, this one does. */
  async #refresh(isDue: boolean): Promise<void> {
    const { now, sleep, onFailure } = this.#deps;
    if (this.#isBusy) {
      while (this.#isBusy) await sleep(WAIT_MS);
      return;
    }
    if (!isDue) return;
    this.#busyUntilMs = now() + FETCH_TIMEOUT_MS;
    try {
      this.#keys = { set: await this.#fetchKeys(), atMs: now() };
      this.#failedAtMs = Number.NEGATIVE_INFINITY;
    } catch (error) {
      this.#failedAtMs = now();
      onFailure(error instanceof DocumentError ? error.message : "no answer");
    } finally {
      this.#busyUntilMs = 0;
    }
  }

  async #fetchKeys(): Promise<JSONWebKeySet> {
    const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
    const base = this.issuer.replace(/\/$/, "");
    const discovery = await this.#fetchJson(`${base}/.well-known/openid-configuration`, signal);
    if (discovery.issuer !== this.issuer)
      throw new DocumentError("the discovery document names another issuer");
    const { jwks_uri: uri } = discovery;
    if (typeof uri !== "string" || !isProtected(URL.parse(uri))) {
      throw new DocumentError("the discovery document names no usable jwks_uri");
    }
    const keys = (await this.#fetchJson(uri, signal)) as unknown as JSONWebKeySet;
    try {
      createLocalJWKSet(keys);
    } catch {
      throw new DocumentError("the key set is malformed");
    }
    return keys;
  }

  async #fetchJson(url: string, signal: AbortSignal): Promise<Record<string, unknown>> {
    const { fetch } = this.#deps;
    const response = await fetch(url, {
      headers: { Accept: "application/json" },
      redirect: "manual",
      signal,
    });
    if (response.status !== 200) throw new DocumentError(`status ${response.status}`);
    const value: unknown = parseJson(await readText(response));
    if (typeof value !== "object" || value === null) throw new DocumentError("not a JSON object");
    return value as Record<string, unknown>;
  }
}

/** A document of the authority is not what it should be. */
class DocumentError extends Error {}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DocumentError("not JSON");
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_DOCUMENT_BYTES) throw new DocumentError(`over ${MAX_DOCUMENT_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
