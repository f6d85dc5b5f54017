import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { CloseFrameFinder } from "./close-frames.ts";
import { portError } from "./ports.ts";

/**
 * Stands in front of `wrangler dev` and does for WebSockets what Cloudflare's network does for a deployed
 * Worker. wrangler's own proxy negotiates compression whatever the Worker's flags say, and after a close that
 * the server began, workerd holds a hibernatable socket's connection until its object leaves memory: seconds
 * later, or never while a session runs. So no extension is offered upstream, and a connection ends when a
 * Close frame has gone each way. (wrangler 4.155, workerd 2026-11-17)
 */
export interface Front {
  /** `http://host:port` */
  readonly url: string;
  stop(): Promise<void>;
}

/** Forwards everything at `host:port` (0: any free port) to `upstreamPort` on this machine. */
export async function startFront(host: string, port: number, upstreamPort: number): Promise<Front> {
  const forward = (request: IncomingMessage) =>
    httpRequest({
      ...{ host: "127.0.0.1", port: upstreamPort },
      ...{ method: request.method, path: request.url, headers: request.headers },
    });
  const server = createServer((request, response) => relay(request, response, forward(request)));
  server.on("upgrade", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    delete request.headers["sec-websocket-extensions"];
    const upstream = forward(request);
    relayUpgrade(client, head, upstream);
    // Refused: then the answer is like any other, on a connection that ends with it.
    const response = new ServerResponse(request);
    response.assignSocket(client as Socket);
    response.shouldKeepAlive = false;
    relay(request, response, upstream);
  });
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (error) {
    throw portError(error, port, "PORT", host);
  }
  const sockets = new Set<Duplex>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Outgoing = ReturnType<typeof httpRequest>;

function relay(request: IncomingMessage, response: ServerResponse, upstream: Outgoing): void {
  upstream.once("response", (answer) => {
    response.writeHead(answer.statusCode!, answer.statusMessage, answer.rawHeaders);
    answer.pipe(response);
  });
  upstream.once("error", () => response.destroy());
  request.pipe(upstream);
}

function relayUpgrade(client: Duplex, head: Buffer, upstream: Outgoing): void {
  client.on("error", () => client.destroy());
  client.once("close", () => upstream.destroy());
  upstream.once("upgrade", (answer, server, firstBytes) => {
    server.on("error", () => server.destroy());
    client.write(headOf(answer));
    join(client, server);
    join(server, client);
    client.unshift(head);
    server.unshift(firstBytes);
    const fromClient = new CloseFrameFinder();
    const fromServer = new CloseFrameFinder();
    const closed = { client: false, server: false };
    client.on("data", (chunk: Buffer) => {
      closed.client ||= fromClient.feed(chunk);
      if (closed.client && closed.server) client.end();
    });
    server.on("data", (chunk: Buffer) => {
      closed.server ||= fromServer.feed(chunk);
      if (closed.client && closed.server) client.end();
    });
  });
}

/** What one side sends goes to the other, and so does its end. */
function join(from: Duplex, to: Duplex): void {
  from.pipe(to);
  from.once("close", () => to.destroy());
}

function headOf(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let i = 0; i < answer.rawHeaders.length; i += 2) {
    lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
