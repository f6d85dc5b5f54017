import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type CryptoKey,
  exportJWK,
  type GenerateKeyPairAlgorithm,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from "jose";

export interface SigningKey {
  readonly alg: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** As the authority publishes it. */
  readonly jwk: JWK;
}

export async function makeKey(alg: GenerateKeyPairAlgorithm, kid: string): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" } };
}

export interface TokenOptions {
  readonly key?: SigningKey;
  /** Beside `alg` and `kid`; undefined takes one away. */
  readonly header?: Record<string, unknown>;
  /** Beside a good issuer, audience and expiry; undefined takes one away. */
  readonly claims?: Record<string, unknown>;
}

/** An OpenID provider on this machine: discovery, keys, and tokens that it signs. */
export class TokenAuthority {
  static readonly audience = "rta-tests";
  readonly keys: SigningKey[];
  /** Requests for the key set. */
  fetches = 0;
  /** Answers 503 to everything. */
  isDown = false;
  readonly #server: Server;

  private constructor(server: Server, keys: SigningKey[]) {
    this.#server = server;
    this.keys = keys;
    server.on("request", ({ url }, response) => this.#answer(url ?? "", response));
  }

  static async start(keys: SigningKey[]): Promise<TokenAuthority> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new TokenAuthority(server, keys);
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #answer(path: string, response: ServerResponse): void {
    if (path === "/keys") this.fetches++;
    const documents: Record<string, unknown> = {
      "/.well-known/openid-configuration": { issuer: this.issuer, jwks_uri: `${this.issuer}/keys` },
      "/keys": { keys: this.keys.map(({ jwk }) => jwk) },
    };
    const document = this.isDown ? undefined : documents[path];
    response.writeHead(document ? 200 : 503, { "Content-Type": "application/json" });
    response.end(JSON.stringify(document ?? {}));
  }

  /** A good token, but for what `options` say. */
  async token({ key = this.keys[0]!, header = {}, claims = {} }: TokenOptions = {}): Promise<string> {
    const nowS = Math.floor(Date.now() / 1000);
    const payload = { iss: this.issuer, aud: TokenAuthority.audience, exp: nowS + 600, sub: "t", ...claims };
    const protectedHeader = { alg: key.alg, kid: key.kid, ...header };
    return new SignJWT(defined(payload))
      .setProtectedHeader(defined(protectedHeader) as JWTHeaderParameters)
      .sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

function defined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
