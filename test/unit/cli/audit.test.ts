import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { devDependencies } from "../../../package.json" with { type: "json" };

const COMMAND = fileURLToPath(new URL("../../../src/cli/audit.ts", import.meta.url));
const NAME = "jose";
const ADVISORY = {
  ...{ id: 1, title: "A fault", url: "https://advisories.test/1", severity: "high" },
  ...{ vulnerable_versions: "*", cwe: [], cvss: { score: 8, vectorString: null } },
};

interface Outcome {
  code: number;
  output: string;
}

/** Runs the command against a registry that answers `audit` to the question for advisories. */
async function auditWith(audit: { status: number; body: unknown }): Promise<Outcome> {
  const registry = createServer((request, response) => {
    const version = devDependencies[NAME];
    const packument = { name: NAME, "dist-tags": { latest: version }, versions: { [version]: { version } } };
    const isAudit = request.method === "POST";
    response.writeHead(isAudit ? audit.status : 200, { "Content-Type": "application/json" });
    response.end(JSON.stringify(isAudit ? audit.body : packument));
    request.resume();
  });
  registry.listen(0, "127.0.0.1");
  await once(registry, "listening");
  const url = `--registry=http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
  try {
    return await new Promise((resolve) => {
      const child = execFile(process.execPath, [COMMAND, url], (_, stdout, stderr) =>
        resolve({ code: child.exitCode!, output: stdout + stderr }),
      );
    });
  } finally {
    registry.close();
  }
}

test("[Y-10] npm run audit tells of no vulnerability, and in how many packages", async () => {
  const { code, output } = await auditWith({ status: 200, body: {} });
  expect([code, output]).toEqual([0, expect.stringMatching(/^no known vulnerability in \d+ packages\n$/)]);
}, 30_000);

test("[Y-10] it fails with a vulnerability, and names it", async () => {
  const { code, output } = await auditWith({ status: 200, body: { [NAME]: [ADVISORY] } });
  expect(code).toBe(1);
  expect(output).toContain(NAME);
  expect(output).toContain(ADVISORY.url);
}, 30_000);

test.each([404, 405])(
  "[Y-10] it says so where a registry offers no audit: %d",
  async (status) => {
    const { code, output } = await auditWith({ status, body: {} });
    expect(code).toBe(2);
    expect(output).toContain(`nothing was checked: the registry offers no audit (${status}`);
  },
  30_000,
);
