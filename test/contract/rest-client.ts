/** Bytes, or text that stands for its UTF-8. */
type Body = string | Uint8Array<ArrayBuffer>;

/** A JSON reply of the REST API. */
export interface Answer {
  status: number;
  text: string;
  json: { result?: unknown; error?: unknown } | { result?: unknown; error?: unknown }[];
}

const BASE64 = { "Upstash-Encoding": "base64" };

/** The REST API over plain `fetch`, so that nothing stands between the test and the wire. */
export class RestClient {
  readonly url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.url = url.replace(/\/+$/, "");
    this.#token = token;
  }

  /** One request with the token and, unless other headers are given, replies in base64. */
  async request(
    method: string,
    path: string,
    body?: Body,
    headers: Record<string, string> = BASE64,
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, text, json: text === "" ? {} : JSON.parse(text) };
  }

  post(path: string, value: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.request("POST", path, JSON.stringify(value), headers);
  }

  /** The result of one command, strings in base64. Throws its error. */
  async run(...command: (string | number)[]): Promise<unknown> {
    return resultOf(await this.post("/", command));
  }

  /** As `run`, strings as text. */
  async text(...command: (string | number)[]): Promise<unknown> {
    return resultOf(await this.post("/", command, {}));
  }

  /** Runs the path's command with raw bytes as its last argument. */
  async write(path: string, bytes: Uint8Array<ArrayBuffer>): Promise<unknown> {
    return resultOf(await this.request("POST", path, bytes));
  }
}

/** What a reader must do with a string of a base64 reply: a bare `OK` is not base64. */
export function decode(value: unknown): Buffer {
  if (typeof value !== "string") throw new TypeError(`not a string: ${JSON.stringify(value)}`);
  return value === "OK" ? Buffer.from(value) : Buffer.from(value, "base64");
}

function resultOf({ status, json }: Answer): unknown {
  if (Array.isArray(json) || status !== 200) throw new Error(`${status} ${JSON.stringify(json)}`);
  return json.result;
}
