import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What a deployment has sent, with the parts of its upload by name. */
export interface Upload {
  readonly metadata: Record<string, unknown>;
  readonly files: ReadonlyMap<string, string>;
}

/** As much of Cloudflare's API as a deployment of a Worker needs, and what came. Knows no Worker at first. */
export class CloudflareApi {
  readonly calls: string[] = [];
  readonly uploads: Upload[] = [];
  /** Bodies of the schedules that were set. */
  readonly schedules: unknown[] = [];
  readonly #server: Server = createServer((request, response) => {
    void this.#answer(request, response);
  });

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  /** For the environment of wrangler. */
  get env(): Record<string, string> {
    return {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      CLOUDFLARE_API_TOKEN: "api-token",
      CLOUDFLARE_ACCOUNT_ID: "account",
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = request;
    const path = (request.url ?? "").replace(/\?.*/, "");
    this.calls.push(`${method} ${path}`);
    const type = headers["content-type"] ?? "";
    const body = new Response(new Uint8Array(await buffer(request)), { headers: { "Content-Type": type } });
    if (/\/scripts\/[^/]+$/.test(path) && method === "PUT")
      this.uploads.push(await uploadOf(await body.formData()));
    if (/\/schedules$/.test(path)) this.schedules.push(await body.json());
    const result = resultOf(path);
    const errors = result === null ? [{ code: 10_090, message: "This Worker does not exist" }] : [];
    response.writeHead(result === null ? 404 : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ success: result !== null, errors, messages: [], result }));
  }
}

async function uploadOf(form: FormData): Promise<Upload> {
  const { metadata, ...parts } = Object.fromEntries(form);
  const files = Object.entries(parts).map(async ([name, part]) => {
    return [name, typeof part === "string" ? part : await part.text()] as const;
  });
  return { metadata: JSON.parse(String(metadata)), files: new Map(await Promise.all(files)) };
}

/** Null: there is no such thing. */
function resultOf(path: string): unknown {
  if (/\/services\/|\/deployments$/.test(path)) return null;
  if (/\/secrets$/.test(path)) return [];
  if (/\/workers\/subdomain$/.test(path)) return { subdomain: "account" };
  if (/\/assets-upload-session$/.test(path)) return { jwt: "jwt", buckets: [] };
  if (/\/workers\/workers\//.test(path)) return { subdomain: { enabled: false, previews_enabled: false } };
  return {};
}
