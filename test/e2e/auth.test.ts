import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import type { GenerateKeyPairAlgorithm } from "jose";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { ProducerSession } from "../../src/producer/index.ts";
import { makeKey, type SigningKey, TokenAuthority } from "../fakes/token-authority.ts";
import { type Carried, type FaultKeys, TOKEN_FAULTS } from "../fakes/token-faults.ts";
import { type Stack, startStack } from "./stack.ts";

const OURS = "mat.ocs.rta.stream-lz4";
const ALGORITHMS: GenerateKeyPairAlgorithm[] = [
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const),
  ...(["ES256", "ES384", "ES512", "EdDSA"] as const),
];
const json = (identity: string): string => JSON.stringify({ identity, state: "open" });
const nowS = (): number => Math.floor(Date.now() / 1000);

const settings = (authority: TokenAuthority): Record<string, string> => ({
  RTA_ENABLEAUTH: "true",
  RTA_AUTH__AUTHORITY: authority.issuer,
  RTA_AUTH__AUDIENCE: TokenAuthority.audience,
});

interface Answer {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

/** Any request, with all its headers as given. */
async function ask(url: string, { headers = {}, query = "" }: Carried, method = "GET"): Promise<Answer> {
  const sent = request(url + query, { method, headers });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve).once("error", reject);
    sent.once("upgrade", (response, socket) => {
      socket.destroy();
      resolve(response);
    });
  });
  sent.end();
  const response = await answered;
  const body = response.statusCode === 101 ? "" : await text(response);
  return { status: response.statusCode!, headers: response.headers, body };
}

const streamUrl = (stack: Stack, identity: string): string =>
  `${stack.url}/rta/v2/sessions/${identity}/stream`;

/** An upgrade that is good but for what `carried` says. */
function upgrade(stack: Stack, { headers = {}, query = "" }: Carried, identity = "car"): Promise<Answer> {
  const { "Sec-WebSocket-Protocol": offered, ...others } = headers;
  return ask(streamUrl(stack, identity), {
    query,
    headers: {
      ...{ Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
      "Sec-WebSocket-Key": Buffer.alloc(16).toString("base64"),
      "Sec-WebSocket-Protocol": [OURS, ...(offered ? [offered] : [])].join(", "),
      ...others,
    },
  });
}

const bearer = (token: string): Carried => ({ headers: { Authorization: `Bearer ${token}` } });

describe("with authentication", () => {
  let stack: Stack;
  let authority: TokenAuthority;
  let keys: SigningKey[];
  let faultKeys: FaultKeys;
  let session: ProducerSession;
  const lines: string[] = [];

  beforeAll(async () => {
    keys = await Promise.all(ALGORITHMS.map((alg) => makeKey(alg, `key-${alg}`)));
    const foreign = await makeKey("RS256", "foreign");
    faultKeys = { rsa: keys[0]!, ec: keys[ALGORITHMS.indexOf("ES256")]!, foreign };
    authority = await TokenAuthority.start(keys);
    stack = await startStack(settings(authority), { log: (line) => lines.push(line) });
    session = await stack.produce("car");
    await session.writeSessionJson(json("car"));
  });
  afterAll(async () => {
    await stack?.stop();
    await authority?.stop();
  });
  afterEach(() => stack.disconnect());

  test.each(ALGORITHMS)("[U-01] %s: a good token passes", async (alg) => {
    const key = keys[ALGORITHMS.indexOf(alg)]!;
    const follower = await stack.follow("car", bearer(await authority.token({ key })));
    await follower.untilMessages(1);
  });

  test("[U-01] a token passes in each place, and only our sub-protocol is answered", async () => {
    const token = await authority.token();
    const places: Parameters<Stack["follow"]>[1][] = [
      { headers: { Authorization: `bearer ${token}` } },
      { protocols: [OURS, `bearer.${token}`] },
      { protocols: [`bearer.${token}`, OURS] },
      { query: `?access_token=${token}` },
      { query: `?x=1&access%5Ftoken=${token}&y` },
      { headers: { Authorization: "Basic dTpw" }, query: `?access_token=${token}` },
    ];
    for (const place of places) {
      const follower = await stack.follow("car", place);
      expect(follower.upgrade["sec-websocket-protocol"]).toBe(OURS);
      await follower.untilMessages(1);
    }
    const list = await authority.token({ claims: { aud: ["other", TokenAuthority.audience], nbf: nowS() } });
    expect((await upgrade(stack, bearer(list))).status).toBe(101);
  });

  describe("[U-02] refused with 401, and not told why", () => {
    test("there are faults enough", () => expect(Object.keys(TOKEN_FAULTS).length).toBeGreaterThan(50));

    test.each(Object.entries(TOKEN_FAULTS))("%s", async (_, fault) => {
      const carried = await fault(authority, faultKeys);
      for (const answer of [
        await upgrade(stack, carried),
        await ask(`${stack.url}/metrics`, carried),
        await ask(streamUrl(stack, "car"), carried, "POST"),
      ]) {
        expect([answer.status, answer.body]).toEqual([401, "a valid bearer token is needed\n"]);
        expect(answer.headers["www-authenticate"]).toMatch(/^Bearer(?: error="invalid_token")?$/);
      }
    });

    test("only no token at all is told apart", async () => {
      const none = await upgrade(stack, {});
      expect(none.headers["www-authenticate"]).toBe("Bearer");
      const expired = await authority.token({ claims: { exp: nowS() - 60 } });
      const refused = await upgrade(stack, bearer(expired));
      expect(refused.headers["www-authenticate"]).toBe('Bearer error="invalid_token"');
    });
  });

  test("[U-02] checks go path, token, upgrade, sub-protocol", async () => {
    const good = bearer(await authority.token());
    expect((await ask(`${stack.url}/rta/v2/sessions/%zz/stream`, {})).status).toBe(404);
    expect((await ask(streamUrl(stack, "car"), {})).status).toBe(401);
    expect((await ask(streamUrl(stack, "car"), good)).status).toBe(400);
    await expect(stack.follow("car", { ...good, protocols: ["foo"] })).rejects.toThrow("status 406");
    await expect(stack.follow("car", { protocols: ["foo"] })).rejects.toThrow("status 401");
  });

  test("[U-03] probes, the page and the service's description are open", async () => {
    for (const path of ["/", "/health", "/viewer/"]) {
      expect([path, (await ask(stack.url + path, {})).status]).toEqual([path, 200]);
    }
    const info = JSON.parse((await ask(`${stack.url}/rta/v2/info`, {})).body);
    expect(info).toMatchObject({
      authRequired: true,
      auth: { authority: authority.issuer, audience: TokenAuthority.audience },
    });
  });

  test("[U-02] refused requests are counted", async () => {
    const count = async (): Promise<number> => {
      const { body } = await ask(`${stack.url}/metrics`, bearer(await authority.token()));
      return Number(/^slipstream_auth_refused_total (\d+)$/m.exec(body)?.[1]);
    };
    await vi.waitUntil(async () => (await count()) > Object.keys(TOKEN_FAULTS).length, { timeout: 20_000 });
    const before = await count();
    for (let i = 0; i < 5; i++) await upgrade(stack, bearer("letmein"));
    await vi.waitUntil(async () => (await count()) >= before + 5, { timeout: 20_000, interval: 200 });
  });

  test("[U-02] a token's expiry closes its socket with 1008, and no other", async () => {
    const soon = await authority.token({ claims: { exp: nowS() - 2 } });
    const [leaving, staying] = [
      await stack.follow("car", bearer(soon)),
      await stack.follow("car", bearer(await authority.token())),
    ];
    await staying.untilMessages(1);
    expect(await leaving.closed).toEqual({ code: 1008, reason: "token expired" });
    expect(staying.socket.readyState).toBe(staying.socket.OPEN);
  });

  test("[U-02] nobody sets the expiry of their own token", async () => {
    const headers = { "X-Slipstream-Expiry-Ms": "1" };
    const good = await authority.token();
    const follower = await stack.follow("car", { headers: { ...headers, ...bearer(good).headers } });
    await follower.untilMessages(1);
    await session.writeSessionJson(json("car"));
    await follower.untilMessages(2);
    expect(follower.socket.readyState).toBe(follower.socket.OPEN);
  });

  test("[U-01] a new key is found, and an old one goes on, though the authority goes away", async () => {
    const added = await makeKey("ES256", "rotated");
    authority.keys.splice(0, authority.keys.length, added);
    const token = await authority.token({ key: added });
    const status = async (of: string): Promise<number> => (await upgrade(stack, bearer(of))).status;
    await vi.waitUntil(async () => (await status(token)) === 101, { timeout: 30_000, interval: 500 });
    const before = authority.fetches;
    const unknown = await authority.token({ key: faultKeys.foreign });
    for (let i = 0; i < 20; i++) expect(await status(unknown)).toBe(401);
    expect(authority.fetches - before).toBeLessThanOrEqual(1);
    authority.isDown = true;
    await vi.waitUntil(async () => (await status(unknown)) === 503, { timeout: 30_000, interval: 500 });
    const answer = await upgrade(stack, bearer(unknown));
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(await status(token)).toBe(101);
    const failures = async (): Promise<number> => {
      const { body } = await ask(`${stack.url}/metrics`, bearer(token));
      return Number(/^slipstream_auth_authority_errors_total (\d+)$/m.exec(body)?.[1]);
    };
    await vi.waitUntil(async () => (await failures()) > 0, { timeout: 20_000, interval: 200 });
  });

  test("[U-03] [Y-06] what the Worker prints holds no token and no identity", async () => {
    const secret = await authority.token();
    await upgrade(stack, { query: `?access_token=${secret}` }, "secret-identity");
    await ask(`${stack.url}/metrics`, { query: `?access_token=${secret}` });
    await vi.waitUntil(() => lines.some((line) => line.includes("auth-refused")), { timeout: 20_000 });
    const printed = lines.join("\n");
    // Every token here begins as this one does, or holds it.
    expect(printed).not.toContain(secret.slice(0, 8));
    expect(printed).not.toMatch(/eyJ|access_token|letmein/);
    // wrangler prints the path of each request before its lines; the Worker none.
    const ours = lines.filter((line) => !line.startsWith("[wrangler:"));
    expect(ours.join("\n")).not.toContain("secret-identity");
  });
});
