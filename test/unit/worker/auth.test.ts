import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { authorize, type KeySource, type Refusal, refuse } from "../../../src/worker/auth.ts";
import { readVisit } from "../../../src/worker/carried-token.ts";
import type { Need } from "../../../src/worker/rights.ts";
import { makeKey, type SigningKey, TokenAuthority, type TokenOptions } from "../../fakes/token-authority.ts";
import { type FaultKeys, TOKEN_FAULTS } from "../../fakes/token-faults.ts";

let authority: TokenAuthority;
let keys: FaultKeys;
beforeAll(async () => {
  const [rsa, ec, foreign] = await Promise.all([
    makeKey("RS256", "rsa"),
    makeKey("ES256", "ec"),
    makeKey("RS256", "foreign"),
  ]);
  keys = { rsa, ec, foreign };
  authority = await TokenAuthority.start([rsa, ec]);
});
afterAll(() => authority.stop());

const TOKEN: Need = { kind: "token" };
const setOf = (...of: SigningKey[]) => ({ keys: of.map(({ jwk }) => jwk) });

/** Keys that never change. */
const known = (): KeySource => {
  const set = setOf(keys.rsa, keys.ec);
  return { keys: async () => set, keysBeyond: async () => set };
};

async function outcome(
  carried: { headers?: Record<string, string>; query?: string },
  source = known(),
  need = TOKEN,
  nowMs = Date.now(),
): Promise<Refusal | "good"> {
  const request = new Request(`https://edge.test/${carried.query ?? ""}`, { headers: carried.headers ?? {} });
  const settings = {
    authority: authority.issuer,
    audience: TokenAuthority.audience,
    sessionsClaim: undefined,
  };
  const deps = { authority: source, now: () => nowMs };
  const result = await authorize(readVisit(request).carried, need, settings, deps);
  return result.ok ? "good" : result.reason;
}

const withToken = async (options: TokenOptions = {}, ...rest: [KeySource?, Need?, number?]) =>
  outcome({ headers: { Authorization: `Bearer ${await authority.token(options)}` } }, ...rest);

describe("[U-02] a fault is refused with 401", () => {
  test.each(Object.entries(TOKEN_FAULTS))("%s", async (_, fault) => {
    const reason = await outcome(await fault(authority, keys));
    expect(reason).not.toBe("good");
    expect(refuse(reason as Refusal).status).toBe(401);
  });
});

test("[Y-07] no fault costs more than a good token: one signature that is checked", async () => {
  const verify = vi.spyOn(crypto.subtle, "verify");
  const checks = async (carried: { headers?: Record<string, string>; query?: string }): Promise<number> => {
    verify.mockClear();
    await outcome(carried);
    return verify.mock.calls.length;
  };
  try {
    expect(await checks({ headers: { Authorization: `Bearer ${await authority.token()}` } })).toBe(1);
    for (const [name, fault] of Object.entries(TOKEN_FAULTS)) {
      expect(await checks(await fault(authority, keys)), name).toBeLessThanOrEqual(1);
    }
  } finally {
    verify.mockRestore();
  }
});

describe("operators are told what is wrong", () => {
  test.each<[string, TokenOptions, Refusal]>([
    ["issuer", { claims: { iss: "x" } }, "issuer"],
    ["audience", { claims: { aud: "x" } }, "audience"],
    ["expired", { claims: { exp: 1 } }, "expired"],
    ["not yet valid", { claims: { nbf: 99_999_999_999 } }, "not-yet-valid"],
    ["no expiry", { claims: { exp: undefined } }, "claims"],
  ])("%s", async (_, options, reason) => expect(await withToken(options)).toBe(reason));

  test("signature and key", async () => {
    expect(await withToken({ key: keys.foreign })).toBe("unknown-key");
    expect(await withToken({ key: keys.foreign, header: { kid: "rsa" } })).toBe("signature");
  });
});

describe("[U-01] time", () => {
  const AT_S = 2_000_000_000;
  test.each([
    [{ exp: AT_S }, AT_S + 4, "good"],
    [{ exp: AT_S }, AT_S + 5, "expired"],
    [{ exp: AT_S + 99, nbf: AT_S }, AT_S - 5, "good"],
    [{ exp: AT_S + 99, nbf: AT_S }, AT_S - 6, "not-yet-valid"],
  ])("%j at %d: %s", async (claims, nowS, expected) => {
    expect(await withToken({ claims }, known(), TOKEN, nowS * 1000)).toBe(expected);
  });
});

describe("keys", () => {
  test("[U-01] a key that the authority has added is found", async () => {
    const [old, fresh] = [setOf(keys.rsa), setOf(keys.rsa, keys.ec)];
    const source: KeySource = { keys: async () => old, keysBeyond: async () => fresh };
    expect(await withToken({ key: keys.ec }, source)).toBe("good");
    expect(await withToken({ key: keys.foreign }, source)).toBe("unknown-key");
  });

  test("while nobody can say, nothing is said about the token", async () => {
    const away: KeySource = { keys: async () => null, keysBeyond: async () => null };
    expect(await withToken({}, away)).toBe("authority-away");
    const half: KeySource = { ...known(), keysBeyond: async () => null };
    expect(await withToken({}, half)).toBe("good");
    expect(await withToken({ key: keys.foreign }, half)).toBe("authority-away");
    const answer = refuse("authority-away");
    expect([answer.status, answer.headers.get("WWW-Authenticate")]).toEqual([503, null]);
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
  });
});

describe("answers", () => {
  test("[U-02] are the same for every fault of a token", async () => {
    const refusals: Refusal[] = [
      ...(["malformed", "algorithm", "unknown-key", "signature", "issuer"] as const),
      ...(["audience", "expired", "not-yet-valid", "claims"] as const),
    ];
    const answers = await Promise.all(
      refusals.map(refuse).map(async (answer) => {
        return JSON.stringify([answer.status, [...answer.headers], await answer.text()]);
      }),
    );
    expect(new Set(answers).size).toBe(1);
  });

  test("tell a token that is not good from one that is not good for this", () => {
    const challenge = (reason: Refusal) => {
      const { status, headers } = refuse(reason);
      return [status, headers.get("WWW-Authenticate")];
    };
    expect(challenge("missing")).toEqual([401, "Bearer"]);
    expect(challenge("expired")).toEqual([401, 'Bearer error="invalid_token"']);
    expect(challenge("no-rights")).toEqual([403, 'Bearer error="insufficient_scope"']);
  });
});
