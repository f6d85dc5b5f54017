import {
  base64url,
  CompactEncrypt,
  CompactSign,
  exportSPKI,
  FlattenedSign,
  importJWK,
  type JWK,
  SignJWT,
  UnsecuredJWT,
} from "jose";
import { type SigningKey, TokenAuthority } from "./token-authority.ts";

export interface FaultKeys {
  /** Published by the authority. */
  readonly rsa: SigningKey;
  readonly ec: SigningKey;
  /** Known to nobody. */
  readonly foreign: SigningKey;
}

/** What a request says in place of a good token: headers, and parameters of its URL. */
export interface Carried {
  readonly headers?: Record<string, string>;
  readonly query?: string;
}

type Fault = (authority: TokenAuthority, keys: FaultKeys) => Promise<Carried> | Carried;

const bearer = (token: string): Carried => ({ headers: { Authorization: `Bearer ${token}` } });
const nowS = (): number => Math.floor(Date.now() / 1000);
const encode = (value: unknown): string => base64url.encode(JSON.stringify(value));

const claimed =
  (claims: Record<string, unknown>): Fault =>
  async (authority) =>
    bearer(await authority.token({ claims }));

const headed =
  (header: Record<string, unknown>): Fault =>
  async (authority) =>
    bearer(await authority.token({ header }));

/** A good token, cut into its parts and put together otherwise. */
const remade =
  (change: (header: string, payload: string, signature: string) => string): Fault =>
  async (authority) => {
    const [header = "", payload = "", signature = ""] = (await authority.token()).split(".");
    return bearer(change(header, payload, signature));
  };

const withPayload = (payload: string): Fault => {
  return async (_, { rsa }) => {
    const signing = new CompactSign(new TextEncoder().encode(payload));
    return bearer(await signing.setProtectedHeader({ alg: rsa.alg, kid: rsa.kid }).sign(rsa.privateKey));
  };
};

async function hmacToken(authority: TokenAuthority, secret: Uint8Array, kid: string): Promise<Carried> {
  const payload = { iss: authority.issuer, aud: TokenAuthority.audience, exp: nowS() + 600 };
  return bearer(await new SignJWT(payload).setProtectedHeader({ alg: "HS256", kid }).sign(secret));
}

const publicKey = async ({ jwk, alg }: SigningKey) => (await importJWK(jwk, alg)) as CryptoKey;

/** The same claims in `payload` as a good token has. */
const goodClaims = (authority: TokenAuthority): Record<string, unknown> => ({
  ...{ iss: authority.issuer, aud: TokenAuthority.audience, exp: nowS() + 600 },
});

/** Requests that must not be let in, each for a reason of its own. */
export const TOKEN_FAULTS: Readonly<Record<string, Fault>> = {
  "no token": () => ({}),
  "an empty token": () => ({ headers: { Authorization: "Bearer" } }),
  "an empty token in the sub-protocol": () => ({ headers: { "Sec-WebSocket-Protocol": "bearer." } }),
  "an empty token in the URL": () => ({ query: "?access_token=" }),
  "not a JWT": () => bearer("letmein"),
  "three dots": () => bearer("..."),
  "two parts": remade((header, payload) => `${header}.${payload}`),
  "four parts": remade((header, payload, signature) => `${header}.${payload}.${signature}.${signature}`),
  "no signature": remade((header, payload) => `${header}.${payload}.`),
  "a signature cut short": remade(
    (header, payload, signature) => `${header}.${payload}.${signature.slice(0, -8)}`,
  ),
  "the signature of another token": async (authority) => {
    const [one, other] = [await authority.token(), await authority.token({ claims: { sub: "other" } })];
    return bearer([...one.split(".").slice(0, 2), other.split(".")[2]].join("."));
  },
  "a header that is no JSON": remade(
    (_, payload, signature) => `${base64url.encode("{")}.${payload}.${signature}`,
  ),
  "a payload that was changed": remade((header, payload, signature) => {
    const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload)));
    return `${header}.${encode({ ...claims, sub: "admin" })}.${signature}`;
  }),
  "a payload that is no JSON": withPayload("admin"),
  "a payload that is a list": withPayload("[]"),
  "a token within a token": async (authority, keys) =>
    withPayload(JSON.stringify(await authority.token()))(authority, keys),
  "alg none": (authority) => bearer(new UnsecuredJWT(goodClaims(authority)).encode()),
  "alg None, with a signature": remade(
    (_, payload, signature) => `${encode({ alg: "None" })}.${payload}.${signature}`,
  ),
  "no alg": remade((_, payload, signature) => `${encode({ typ: "JWT" })}.${payload}.${signature}`),
  "HS256 with the public key as PEM for secret": async (authority, { rsa }) => {
    const pem = await exportSPKI(await publicKey(rsa));
    return hmacToken(authority, new TextEncoder().encode(pem), rsa.kid);
  },
  "HS256 with the public key as JWK for secret": (authority, { rsa }) =>
    hmacToken(authority, new TextEncoder().encode(JSON.stringify(rsa.jwk)), rsa.kid),
  "a foreign key": async (authority, { foreign }) => bearer(await authority.token({ key: foreign })),
  "a foreign key under a known kid": async (authority, { foreign, rsa }) =>
    bearer(await authority.token({ key: foreign, header: { kid: rsa.kid } })),
  "the kid of another known key": async (authority, { rsa, ec }) =>
    bearer(await authority.token({ key: rsa, header: { kid: ec.kid } })),
  "an unknown kid": headed({ kid: "unknown" }),
  "a kid that is no text": headed({ kid: 7 }),
  "no kid, and a foreign key": async (authority, { foreign }) =>
    bearer(await authority.token({ key: foreign, header: { kid: undefined } })),
  "ES256 said to be RS256": async (authority, { rsa, ec }) => {
    const [, payload, signature] = (await authority.token({ key: ec })).split(".");
    return bearer(`${encode({ alg: "RS256", kid: rsa.kid })}.${payload}.${signature}`);
  },
  "RS256 said to be PS256": async (authority, { rsa }) => {
    const [, payload, signature] = (await authority.token({ key: rsa })).split(".");
    return bearer(`${encode({ alg: "PS256", kid: rsa.kid })}.${payload}.${signature}`);
  },
  "a key within the header": async (authority, { foreign }) =>
    bearer(await authority.token({ key: foreign, header: { kid: undefined, jwk: foreign.jwk as JWK } })),
  "a place of keys within the header": async (authority, { foreign }) =>
    bearer(
      await authority.token({
        key: foreign,
        header: { jku: "https://keys.test/", x5u: "https://keys.test/" },
      }),
    ),
  "a critical header that nobody knows": async (authority, { rsa }) => {
    const signing = new CompactSign(new TextEncoder().encode(JSON.stringify(goodClaims(authority))));
    signing.setProtectedHeader({ alg: rsa.alg, kid: rsa.kid, crit: ["unheard"], unheard: true });
    return bearer(await signing.sign(rsa.privateKey, { crit: { unheard: true } }));
  },
  "a payload that is not encoded": async (authority, { rsa }) => {
    const payload = encode(goodClaims(authority));
    const signing = new FlattenedSign(new TextEncoder().encode(payload));
    signing.setProtectedHeader({ alg: rsa.alg, kid: rsa.kid, crit: ["b64"], b64: false });
    const signed = await signing.sign(rsa.privateKey);
    return bearer(`${signed.protected}.${payload}.${signed.signature}`);
  },
  "an encrypted token": async (authority, { rsa }) => {
    const key = await importJWK({ ...rsa.jwk, alg: "RSA-OAEP-256", use: "enc" }, "RSA-OAEP-256");
    const plain = new TextEncoder().encode(JSON.stringify(goodClaims(authority)));
    const encryption = new CompactEncrypt(plain);
    return bearer(await encryption.setProtectedHeader({ alg: "RSA-OAEP-256", enc: "A256GCM" }).encrypt(key));
  },
  "another issuer": claimed({ iss: "https://login.test" }),
  "the issuer with a slash": async (authority) =>
    bearer(await authority.token({ claims: { iss: `${authority.issuer}/` } })),
  "a list of issuers": async (authority) =>
    bearer(await authority.token({ claims: { iss: [authority.issuer] } })),
  "no issuer": claimed({ iss: undefined }),
  "another audience": claimed({ aud: "another" }),
  "a list of other audiences": claimed({ aud: ["another", "others"] }),
  "our audience as part of a text": claimed({ aud: `${TokenAuthority.audience} another` }),
  "no audience": claimed({ aud: undefined }),
  "no expiry": claimed({ exp: undefined }),
  "expired a minute ago": async (authority) =>
    bearer(await authority.token({ claims: { exp: nowS() - 60 } })),
  "expired in 1970": claimed({ exp: 0 }),
  "an expiry that is a text": async (authority) =>
    bearer(await authority.token({ claims: { exp: String(nowS() + 600) } })),
  "an expiry that is null": claimed({ exp: null }),
  "not valid yet": async (authority) => bearer(await authority.token({ claims: { nbf: nowS() + 60 } })),
  "a begin that is a text": claimed({ nbf: "0" }),
  "two tokens in one header": async (authority) => {
    const token = await authority.token();
    return bearer(`${token}, Bearer ${token}`);
  },
  "two tokens as sub-protocols": async (authority) => {
    const token = await authority.token();
    return { headers: { "Sec-WebSocket-Protocol": `bearer.${token}, bearer.${token}` } };
  },
  "two tokens in the URL": async (authority) => {
    const token = await authority.token();
    return { query: `?access_token=${token}&access_token=${token}` };
  },
  "a bad token in the header, a good one in the URL": async (authority) => ({
    ...bearer("letmein"),
    query: `?access_token=${await authority.token()}`,
  }),
  "another scheme": async (authority) => ({ headers: { Authorization: `Token ${await authority.token()}` } }),
  "no scheme": async (authority) => ({ headers: { Authorization: await authority.token() } }),
  "in a cookie": async (authority) => ({ headers: { Cookie: `access_token=${await authority.token()}` } }),
  "in another header": async (authority) => ({ headers: { "X-Access-Token": await authority.token() } }),
  "in another parameter": async (authority) => ({ query: `?token=${await authority.token()}` }),
  "a sub-protocol spelled otherwise": async (authority) => ({
    headers: { "Sec-WebSocket-Protocol": `Bearer.${await authority.token()}` },
  }),
  "an overlong token": async (authority) =>
    bearer(await authority.token({ claims: { padding: "x".repeat(8 * 1024) } })),
  "padding after the token": remade((header, payload, signature) => `${header}.${payload}.${signature}==`),
  "a stranger's claim to an expiry": () => ({ headers: { "X-Slipstream-Expiry-Ms": "Infinity" } }),
};
