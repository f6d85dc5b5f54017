import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** Stands before a gateway and passes what Redis holds through text on its way, as a careless one would. */
export async function startManglingGateway(
  gatewayUrl: string,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const { authorization = "", "upstash-encoding": encoding } = request.headers;
      const answer = await fetch(`${gatewayUrl}${request.url}`, {
        method: "POST",
        headers: { authorization, ...(encoding && { "upstash-encoding": `${encoding}` }) },
        body: (await bodyOf(request)) as Uint8Array<ArrayBuffer>,
      });
      const text = await answer.text();
      response.writeHead(answer.status, { "content-type": "application/json" });
      response.end(encoding ? JSON.stringify(mangled(JSON.parse(text))) : text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function mangled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mangled);
  if (typeof value === "string" && value !== "OK") {
    return Buffer.from(Buffer.from(value, "base64").toString()).toString("base64");
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mangled(each)]));
}
