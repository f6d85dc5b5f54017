import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { gatewaySettings } from "../../../src/cli/gateway-settings.ts";

const dir = mkdtempSync(join(tmpdir(), "slipstream-test-"));
const notPem = join(dir, "not.pem");
const emptyPem = join(dir, "empty.pem");
writeFileSync(notPem, "nothing");
writeFileSync(emptyPem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
afterAll(() => rmSync(dir, { recursive: true }));

const TLS_URL = { REDIS_URL: "rediss://r" };

describe("settings of the gateway", () => {
  test("have defaults for this machine alone", () => {
    const defaults = {
      redisUrl: undefined,
      tls: undefined,
      host: "127.0.0.1",
      port: 8079,
      token: "local",
      readOnly: false,
      concurrency: 256,
    };
    expect(gatewaySettings({})).toEqual(defaults);
    const empty = { GATEWAY_HOST: "", GATEWAY_TOKEN: "", GATEWAY_READONLY: "", GATEWAY_CONCURRENCY: "" };
    expect(gatewaySettings({ ...empty, REDIS_URL: "", GATEWAY_PORT: "", GATEWAY_REDIS_CA: "" })).toEqual(
      defaults,
    );
  });

  test("are taken from the environment", () => {
    const env = {
      REDIS_URL: "rediss://user:secret@redis:6380/2",
      GATEWAY_HOST: "0.0.0.0",
      GATEWAY_PORT: "80",
      GATEWAY_TOKEN: "s3cret",
      GATEWAY_READONLY: "TRUE",
      GATEWAY_CONCURRENCY: "10000",
    };
    expect(gatewaySettings(env)).toEqual({
      redisUrl: env.REDIS_URL,
      tls: undefined,
      host: "0.0.0.0",
      port: 80,
      token: "s3cret",
      readOnly: true,
      concurrency: 10_000,
    });
  });

  test.each(["127.0.0.1", "127.9.9.9", "localhost", "::1"])("the token `local` serves on %s", (host) => {
    expect(gatewaySettings({ GATEWAY_HOST: host })).toMatchObject({ host, token: "local" });
  });

  test.each(["0.0.0.0", "::", "10.0.0.7", "127.0.0.1.example.org", "localhost.example.org"])(
    "on %s it does not, whether by default or by choice",
    (host) => {
      const refusal = `set GATEWAY_TOKEN to a secret: with "local" everybody who reaches GATEWAY_HOST "${host}" gets in`;
      expect(() => gatewaySettings({ GATEWAY_HOST: host })).toThrow(refusal);
      expect(() => gatewaySettings({ GATEWAY_HOST: host, GATEWAY_TOKEN: "local" })).toThrow(refusal);
      expect(gatewaySettings({ GATEWAY_HOST: host, GATEWAY_TOKEN: "secret" })).toMatchObject({
        token: "secret",
      });
    },
  );

  test.each<[string, NodeJS.ProcessEnv, string]>([
    ["a port", { GATEWAY_PORT: "70000" }, 'GATEWAY_PORT must be a port, not "70000"'],
    ["a flag", { GATEWAY_READONLY: "yes" }, 'GATEWAY_READONLY must be true or false, not "yes"'],
    ["no requests", { GATEWAY_CONCURRENCY: "0" }, 'GATEWAY_CONCURRENCY must be from 1 to 10000, not "0"'],
    ["half a request", { GATEWAY_CONCURRENCY: "1.5" }, 'from 1 to 10000, not "1.5"'],
    ["too many requests", { GATEWAY_CONCURRENCY: "10001" }, 'from 1 to 10000, not "10001"'],
    [
      "a token with a space",
      { GATEWAY_TOKEN: "a b" },
      "GATEWAY_TOKEN must be printable ASCII without spaces",
    ],
    [
      "a token with a letter no header takes",
      { GATEWAY_TOKEN: "ü" },
      "GATEWAY_TOKEN must be printable ASCII",
    ],
    ["another scheme", { REDIS_URL: "https://redis" }, "REDIS_URL must be like redis://"],
    ["no URL", { REDIS_URL: "redis:6379" }, "REDIS_URL must be like redis://"],
    [
      "an authority without TLS",
      { GATEWAY_REDIS_CA: notPem },
      "GATEWAY_REDIS_CA is for TLS: REDIS_URL must begin",
    ],
    ["no file", { ...TLS_URL, GATEWAY_REDIS_CA: "/nowhere" }, '"/nowhere" (ENOENT)'],
    [
      "a file that is not PEM",
      { ...TLS_URL, GATEWAY_REDIS_CA: notPem },
      "GATEWAY_REDIS_CA must name a file with a certificate",
    ],
    ["a broken certificate", { ...TLS_URL, GATEWAY_REDIS_CA: emptyPem }, "GATEWAY_REDIS_CA must name"],
    [
      "half a pair",
      { ...TLS_URL, GATEWAY_REDIS_CERT: emptyPem },
      "set both GATEWAY_REDIS_CERT and GATEWAY_REDIS_KEY",
    ],
    [
      "a broken pair",
      { ...TLS_URL, GATEWAY_REDIS_CERT: emptyPem, GATEWAY_REDIS_KEY: emptyPem },
      "GATEWAY_REDIS_CERT",
    ],
  ])("%s is refused by name", (_, env, message) => {
    expect(() => gatewaySettings(env)).toThrow(message);
  });

  test("a wrong URL is not quoted: a password may be in it", () => {
    expect(() => gatewaySettings({ REDIS_URL: "http://user:secret@r" })).toThrow(/^(?!.*secret)/);
  });
});
