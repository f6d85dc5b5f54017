import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { rta } from "../../src/wire/gen/rta.js";
import { decodeRequest } from "../../src/wire/request.ts";
import type { SubscriptionRequest } from "../../src/wire/request-encoder.ts";
import { inflate } from "./follower.ts";

/** What one session's pages and the server have said to each other, over all connections. */
export class Conversation {
  readonly requests: SubscriptionRequest[] = [];
  /** Channels of all samples that have come, rows left out. */
  readonly received = new Set<number>();
  readonly clients = new Set<WebSocket>();
  /** No connection comes about while this holds. */
  isCut = false;

  /** Channels asked for so far. */
  get subscribed(): Set<number> {
    return new Set(this.requests.flatMap(({ channelIds }) => channelIds));
  }

  /** Closes every connection with this code, as the server would. */
  break(code: number): void {
    for (const client of this.clients) client.close(code);
  }

  sent(message: Buffer): void {
    const request = decodeRequest(message);
    if (request !== null) this.requests.push(request);
  }

  came(message: Buffer): void {
    for (const { timestampedData, periodicData } of rta.model.net.stream.StreamDataBurst.decode(
      inflate(message),
    ).data) {
      const run = timestampedData ?? periodicData;
      if (run) this.received.add(run.channelId ?? 0);
    }
  }
}

/** Stands between browsers and the Worker, and notes every WebSocket message: a page's workers hide theirs from its tools. */
export interface WireTap {
  readonly url: string;
  conversation(identity: string): Conversation;
  stop(): Promise<void>;
}

export async function startWireTap(upstreamUrl: string): Promise<WireTap> {
  const { hostname, port } = new URL(upstreamUrl);
  const conversations = new Map<string, Conversation>();
  const conversation = (identity: string): Conversation => {
    const known = conversations.get(identity) ?? new Conversation();
    conversations.set(identity, known);
    return known;
  };
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const forwarded = httpRequest({ host: hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.statusMessage, answer.rawHeaders);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: ([first]) => first! });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const identity = decodeURIComponent(/sessions\/([^/]*)\/stream/.exec(request.url!)![1]!);
    const { host, origin } = request.headers;
    if (conversation(identity).isCut) {
      socket.destroy();
      return;
    }
    const upstream = new WebSocket(
      `${upstreamUrl.replace("http", "ws")}${request.url}`,
      request.headers["sec-websocket-protocol"]!.split(", "),
      { headers: { host, origin } },
    );
    upstream.once("error", () => socket.destroy());
    upstream.once("open", () => {
      sockets.handleUpgrade(request, socket as Socket, head, (client) =>
        join(client, upstream, conversation(identity)),
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    conversation,
    async stop() {
      for (const { clients } of conversations.values()) for (const client of clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function join(client: WebSocket, upstream: WebSocket, conversation: Conversation): void {
  conversation.clients.add(client);
  client.on("message", (data: RawData) => {
    conversation.sent(data as Buffer);
    upstream.send(data);
  });
  upstream.on("message", (data: RawData) => {
    conversation.came(data as Buffer);
    client.send(data);
  });
  upstream.on("close", (code) => client.close(code === 1006 ? 1001 : code));
  client.on("close", () => {
    conversation.clients.delete(client);
    upstream.terminate();
  });
}
