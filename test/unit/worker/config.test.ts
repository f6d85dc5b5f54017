import { describe, expect, test } from "vitest";
import { readSettings, type Settings, SettingsError, unknownSettings } from "../../../src/worker/config.ts";

const SECRET = "sekret token";
const REQUIRED = {
  UPSTASH_REDIS_REST_URL: "https://redis.test",
  UPSTASH_REDIS_REST_TOKEN: "abc",
};

interface Row {
  readonly name: string;
  readonly field: keyof Settings;
  readonly fallback: unknown;
  /** Values that are taken, and what they mean. */
  readonly good: Readonly<Record<string, unknown>>;
  readonly bad: readonly string[];
  /** What the message must say of what is allowed. */
  readonly allowed: RegExp;
}

const week = String(7 * 24 * 3600);

/** Refused as seconds, whatever the least is. */
const NO_SECONDS = ["-1", "1e3", "ten", "1,5", "5s", "0x10", "Infinity", "NaN", "604801", "1.", ".5"];

function seconds(name: string, field: keyof Settings, fallback: number): Row {
  return {
    name,
    field,
    fallback,
    good: { "0": 0, "1": 1_000, "2.5": 2_500, " 7 ": 7_000, [week]: 604_800_000 },
    bad: NO_SECONDS,
    allowed: /seconds from 0 to 604800/,
  };
}

const fromOneSecond = (name: string, field: keyof Settings, fallback: number | undefined): Row => ({
  name,
  field,
  fallback,
  good: { "1": 1_000, "2.5": 2_500, "1.2345": 1_235, [week]: 604_800_000 },
  bad: [...NO_SECONDS, "0", "0.9"],
  allowed: /seconds from 1 to 604800/,
});

const flag = (name: string, field: keyof Settings, fallback: boolean): Row => ({
  name,
  field,
  fallback,
  good: { true: true, True: true, " TRUE ": true, false: false, False: false },
  bad: ["1", "0", "yes", "no", "on", "off", "truee", "null"],
  allowed: /true or false/,
});

const text = (name: string, field: keyof Settings, fallback: string): Row => ({
  name,
  field,
  fallback,
  good: { "Pit wall": "Pit wall", é: "é" },
  bad: [],
  allowed: /text/,
});

const ROWS: readonly Row[] = [
  seconds("RTA_BACKSCAN__SECONDS", "backScanMs", 300_000),
  seconds("RTA_LINGER__SECONDS", "lingerMs", 10_000),
  seconds("RTA_IDLE__SECONDS", "idleMs", 600_000),
  {
    name: "RTA_VIEWERQUEUE__BYTES",
    field: "viewerQueueBytes",
    fallback: 8_388_608,
    good: { "65536": 65_536, "100000000": 100_000_000 },
    bad: ["0", "65535", "-1", "8MiB", "1e7", "8388608.5"],
    allowed: /65536 or more/,
  },
  flag("RTA_ENABLETRIMMER", "trimmerEnabled", true),
  {
    name: "RTA_TRIMMER__TARGETSTREAMLENGTH",
    field: "trimmerLength",
    fallback: 10_000,
    good: { "1": 1, "36000": 36_000, "999999999": 999_999_999 },
    bad: ["0", "-1", "1e4", "10k", "10000.5", "1000000000"],
    allowed: /1 to 999999999/,
  },
  fromOneSecond("RTA_TRIMMER__INTERVAL", "trimmerIntervalMs", 30_000),
  flag("RTA_TRIMMER__APPROXLENGTH", "trimmerApproximate", false),
  fromOneSecond("RTA_TRIMMER__RETENTIONSECONDS", "trimmerRetentionMs", undefined),
  {
    name: "RTA_SESSIONKEYTEMPLATE",
    field: "keyTemplate",
    fallback: undefined,
    good: { "live:{identity}": "live:{identity}", "{identity}": "{identity}" },
    bad: ["live", "live:{id}", "{IDENTITY}"],
    allowed: /\{identity\}/,
  },
  {
    name: "RTA_ORIGIN",
    field: "origin",
    fallback: undefined,
    good: { "http://a/": "http://a", "https://a.b/base//": "https://a.b/base" },
    bad: ["a.b", "//a.b", "ftp://a", "http://", "javascript:alert(1)"],
    allowed: /http\(s\) base URL/,
  },
  {
    name: "RTA_ALLOWEDORIGINS",
    field: "allowedOrigins",
    fallback: undefined,
    good: {
      self: new Set(),
      "https://a.b  http://localhost:3000": new Set(["https://a.b", "http://localhost:3000"]),
      "self https://a.b": new Set(["https://a.b"]),
    },
    bad: ["*", "a.b", "https://a.b/", "https://a.b/page", "https://A.b", "https://a.b,https://c.d", "null"],
    allowed: /self, or origins/,
  },
  text("RTA_SERVICEINFO__LABEL", "label", "Slipstream"),
  text("RTA_SERVICEINFO__DESCRIPTION", "description", "RTA Stream Service for the edge"),
  {
    name: "UPSTASH_REDIS_REST_URL",
    field: "redisUrl",
    fallback: "https://redis.test",
    good: {
      "http://127.0.0.1:8079/": "http://127.0.0.1:8079",
      "https://x.upstash.io": "https://x.upstash.io",
    },
    bad: ["redis://127.0.0.1", "x.upstash.io", "https//x"],
    allowed: /http\(s\) URL of the Redis gateway/,
  },
];

function message(env: object): string {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  throw new Error("the settings were taken");
}

const mixedCase = (name: string): string =>
  name.replace(/[A-Z]+/g, (word) => word[0] + word.slice(1).toLowerCase());

describe.each(ROWS)("[V-04] [Y-02] $name", ({ name, field, fallback, good, bad, allowed }) => {
  test("has a default", () => {
    expect(readSettings(REQUIRED)[field]).toEqual(fallback);
    if (!(name in REQUIRED)) expect(readSettings({ ...REQUIRED, [name]: " " })[field]).toEqual(fallback);
  });

  test("is taken in any letter case", () => {
    for (const [value, expected] of Object.entries(good)) {
      const { [name]: _, ...others } = REQUIRED as Record<string, string>;
      for (const spelled of [name, mixedCase(name), name.toLowerCase()]) {
        expect(readSettings({ ...others, [spelled]: value })[field]).toEqual(expected);
      }
    }
  });

  test.each(bad)("refuses %j and says what is allowed", (value) => {
    const shown = message({ ...REQUIRED, [name]: value });
    expect(shown).toContain(name);
    expect(shown).toContain(JSON.stringify(value));
    expect(shown).toMatch(allowed);
  });
});

test("every setting has a row above", () => {
  const fields = [...ROWS.map(({ field }) => field), "redisToken", "auth"];
  expect(Object.keys(readSettings(REQUIRED)).sort()).toEqual(fields.sort());
});

describe("the gateway", () => {
  test.each(Object.keys(REQUIRED))("needs %s", (name) => {
    for (const value of [undefined, "", "  "]) {
      const shown = message({ ...REQUIRED, [name]: value });
      expect(shown).toMatch(new RegExp(`^${name} is not set`));
    }
  });

  test("has a token of one line without spaces", () => {
    expect(readSettings({ ...REQUIRED, UPSTASH_REDIS_REST_TOKEN: " a-_.~+/=1 \n" }).redisToken).toBe(
      "a-_.~+/=1",
    );
  });

  test.each([SECRET, "sekret\nX-Other: 1", "sekrét", "sekret\u0000"])(
    "[U-03] refuses %j without quoting it",
    (token) => {
      const shown = message({ ...REQUIRED, UPSTASH_REDIS_REST_TOKEN: token });
      expect(shown).toContain("UPSTASH_REDIS_REST_TOKEN");
      expect(shown).not.toMatch(/sekr/);
    },
  );
});

test.each([
  ["a Redis URL in place of the gateway's", "UPSTASH_REDIS_REST_URL", "redis://default:sek/ret@r.test:6379"],
  ["the token in place of the URL", "UPSTASH_REDIS_REST_URL", "AXsekASQgNzFjN2I2YzQtZDM0sekret5LWJmZjktNDE="],
  ["credentials in an origin", "RTA_ORIGIN", "ftp://u:sekret@origin.test"],
])("[Y-05] what may be a secret is not quoted: %s", (_, name, value) => {
  const shown = message({ ...REQUIRED, [name]: value });
  expect(shown).toMatch(new RegExp(`^${name}: `));
  expect(shown).not.toMatch(/sek/);
});

describe("authentication", () => {
  test.each(["", "false", "False", " FALSE "])("is off with %j", (value) => {
    expect(() => readSettings({ ...REQUIRED, RTA_ENABLEAUTH: value })).not.toThrow();
  });

  test.each(["1", "0", "yes", "off", "truee"])("neither on nor off with %j: refused", (value) => {
    for (const name of ["RTA_ENABLEAUTH", "Rta_EnableAuth", "rta_enableauth"]) {
      expect(message({ ...REQUIRED, [name]: value })).toMatch(/RTA_ENABLEAUTH.*true or false/);
    }
  });

  const AUTH = {
    RTA_ENABLEAUTH: "True",
    RTA_AUTH__AUTHORITY: "https://login.test/realm/",
    RTA_AUTH__AUDIENCE: "rta",
  };

  test("[U-01] needs authority and audience; the authority stays as it is spelled", () => {
    const { auth } = readSettings({ ...REQUIRED, ...AUTH });
    expect(auth).toEqual({
      authority: "https://login.test/realm/",
      audience: "rta",
      sessionsClaim: undefined,
    });
    for (const name of ["RTA_AUTH__AUTHORITY", "RTA_AUTH__AUDIENCE"]) {
      expect(message({ ...REQUIRED, ...AUTH, [name]: " " })).toMatch(new RegExp(`^${name} is not set`));
    }
    const limited = readSettings({ ...REQUIRED, ...AUTH, Rta_Auth__SessionsClaim: "rta_sessions" });
    expect(limited.auth?.sessionsClaim).toBe("rta_sessions");
  });

  test.each(["http://localhost:5000", "http://127.0.0.1:80/a", "http://[::1]:1"])(
    "an authority on this machine needs no TLS: %s",
    (authority) => {
      const { auth } = readSettings({ ...REQUIRED, ...AUTH, RTA_AUTH__AUTHORITY: authority });
      expect(auth?.authority).toBe(authority);
    },
  );

  test.each([
    ...["http://login.test", "http://127.0.0.1.login.test", "http://localhost.login.test", "login.test"],
    ...[
      "ftp://localhost",
      "https://",
      "https://u@login.test",
      "https://login.test/?a",
      "https://login.test#b",
    ],
  ])("refuses %j as authority", (authority) => {
    const shown = message({ ...REQUIRED, ...AUTH, RTA_AUTH__AUTHORITY: authority });
    expect(shown).toMatch(/RTA_AUTH__AUTHORITY.*https URL of an OpenID provider/);
  });
});

test("[V-04] names that look like settings and are none are told", () => {
  const names = ["RTA_BACKSCAN_SECONDS", "rta_enableauthn"];
  const env = { ...REQUIRED, Rta_Linger__Seconds: "5", SESSIONS: {}, [names[0]!]: "1", [names[1]!]: "true" };
  expect(unknownSettings(env)).toEqual(names);
  for (const { name } of ROWS) expect(unknownSettings({ [name]: "" })).toEqual([]);
});

test("bindings that are no text are no settings", () => {
  const env = { ...REQUIRED, RTA_ORIGIN: { fetch() {} }, SESSIONS: {}, RTA_LINGER__SECONDS: 5 };
  expect(readSettings(env)).toMatchObject({ origin: undefined, lingerMs: 10_000 });
});
