import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "../fuzz/random.ts";

interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** A request that met a fault, and ways to deal with it. */
interface Exchange {
  readonly response: ServerResponse;
  /** Has the gateway execute the request. */
  execute(): Promise<Reply>;
  /** From the schedule: in [0, 1). */
  readonly chance: number;
}

const HTML = "<html><body>Maintenance</body></html>";
const answer = (status: number, type: string, body: string) => {
  return ({ response }: Exchange): void => {
    response.writeHead(status, { "content-type": type }).end(body);
  };
};
const reset = ({ response }: Exchange): void => {
  response.destroy();
};

/** What a gateway, or the network before it, may do instead of answering. */
const FAULTS = {
  "a 500": answer(500, "text/plain", "oops"),
  "a 429": answer(429, "application/json", '{"error":"slow down"}'),
  "a 502 in HTML": answer(502, "text/html", HTML),
  "a 200 in HTML": answer(200, "text/html", HTML),
  "JSON of another form": answer(200, "application/json", '{"result":{"items":[]},"ok":true}'),
  "a reset before the request is executed": reset,
  "a reset after the request was executed": async (exchange: Exchange) => {
    await exchange.execute();
    reset(exchange);
  },
  "a reply cut in half": async ({ response, execute }: Exchange) => {
    const { status, headers, body } = await execute();
    response.writeHead(status, { ...headers, "content-length": body.length });
    response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  },
  "no reply": async ({ response }: Exchange) => {
    await once(response, "close");
  },
  "a slow body": async ({ response, execute, chance }: Exchange) => {
    const { status, headers, body } = await execute();
    response.writeHead(status, headers);
    const pieces = 10;
    for (let i = 0; i < pieces && !response.destroyed; i++) {
      response.write(body.subarray((body.length * i) / pieces, (body.length * (i + 1)) / pieces));
      await sleep((1_000 + 2_000 * chance) / pieces);
    }
    response.end();
  },
} as const satisfies Record<string, (exchange: Exchange) => unknown>;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

/** What the requests that mention a text meet; null: an answer. */
export type Schedule = () => { fault: Fault; chance: number } | null;

/** Any fault for every other request; the sequence is the seed's. */
export function mixture(random: Random): Schedule {
  return () =>
    random.chance(0.5) ? { fault: random.pick(FAULT_NAMES), chance: random.below(1_000) / 1_000 } : null;
}

/** An HTTP proxy before a gateway that injects faults. */
export interface FaultGateway {
  readonly url: string;
  /** From now on, requests with `text` in their body meet faults: one kind, or what a schedule says. */
  inject(text: string, fault: Fault | Schedule): void;
  /** No more faults for requests with `text`. Returns how many there were since `inject`. */
  heal(text: string): number;
  /** Refuses connections, and breaks those that there are. */
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFaultGateway(gatewayUrl: string): Promise<FaultGateway> {
  const injected = new Map<string, { schedule: Schedule; met: number }>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = await bodyOf(request);
    const execute = (): Promise<Reply> => forward(gatewayUrl, request, sent);
    const rule = [...injected].find(([text]) => sent.includes(text))?.[1];
    const instead = rule?.schedule();
    if (rule && instead) {
      rule.met++;
      await FAULTS[instead.fault]({ response, execute, chance: instead.chance });
      return;
    }
    const { status, headers, body } = await execute();
    response.writeHead(status, headers).end(body);
  };

  const server = createServer((request, response) => {
    // A client or a gateway that goes away in the middle of an exchange ends that exchange.
    serve(request, response).catch(() => response.destroy());
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const leave = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    inject: (text, fault) => {
      const schedule = typeof fault === "function" ? fault : () => ({ fault, chance: 0.5 });
      injected.set(text, { schedule, met: 0 });
    },
    heal: (text) => {
      const { met = 0 } = injected.get(text) ?? {};
      injected.delete(text);
      return met;
    },
    leave,
    comeBack: () => listen(port),
    stop: async () => {
      if (server.listening) await leave();
    },
  };
}

async function forward(
  gatewayUrl: string,
  { method, url, headers }: IncomingMessage,
  sent: Buffer,
): Promise<Reply> {
  const outgoing = httpRequest(new URL(url!, gatewayUrl), { method, headers });
  outgoing.end(sent);
  const [incoming] = (await once(outgoing, "response")) as [IncomingMessage];
  return { status: incoming.statusCode!, headers: incoming.headers, body: await bodyOf(incoming) };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}
