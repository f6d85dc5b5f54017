import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe } from "vitest";
import { authContract } from "./auth-contract.ts";
import { binaryContract } from "./binary-contract.ts";
import { protocolContract } from "./protocol-contract.ts";
import { RestClient } from "./rest-client.ts";
import { streamContract } from "./stream-contract.ts";
import { transactionContract } from "./transaction-contract.ts";

/** A gateway with a Redis behind it, as the suite finds it. */
export interface RunningGateway {
  url: string;
  token: string;
  stop(): Promise<void>;
}

export interface GatewayUnderTest {
  name: string;
  start(): Promise<RunningGateway>;
  /** In what its Redis departs from redis-server, by nature: the suite proves each of them. */
  differences: readonly Difference[];
}

/** Every departure that the suite knows. */
export type Difference = "XTRIM refuses an explicit =";

/** What the parts of the suite share. */
export interface Subject {
  /** Set before the first test runs. */
  readonly rest: RestClient;
  readonly token: string;
  /** A key that no other test uses. */
  key(name: string): string;
  differs(difference: Difference): boolean;
}

/** Proves that a gateway speaks the Upstash REST API as far as this project depends on it. */
export function gatewayContract(target: GatewayUnderTest): void {
  describe(`gateway: ${target.name}`, () => {
    const keys = new Set<string>();
    let running: RunningGateway;
    let rest: RestClient;
    beforeAll(async () => {
      running = await target.start();
      rest = new RestClient(running.url, running.token);
    });
    afterAll(async () => {
      if (keys.size > 0) await rest?.run("DEL", ...keys);
      await running?.stop();
    });
    const subject: Subject = {
      get rest() {
        return rest;
      },
      get token() {
        return running.token;
      },
      key(name) {
        const key = `contract:${name}:${randomUUID()}`;
        keys.add(key);
        return key;
      },
      differs: (difference) => target.differences.includes(difference),
    };
    protocolContract(subject);
    authContract(subject);
    transactionContract(subject);
    streamContract(subject);
    binaryContract(subject);
  });
}
