import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { WebSocket, WebSocketServer } from "ws";
import { encodeItems, periodicItem, sessionJsonItem, timeRangeItem } from "../../src/producer/index.ts";
import { compress } from "../../src/wire/lz4-encoder.ts";

const ASSETS = new URL("../../dist/assets/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };
const IDENTITY = "bench";
const NS_PER_S = 1_000_000_000n;
/** Bursts of history have about 64 KiB, as the service joins them. */
const BURST_BYTES = 60_000;
const BURSTS_PER_S = 10;

/** A session as the service would stream it: equal channels of f32, periodic. */
export interface Scene {
  readonly channels: number;
  readonly hz: number;
  /** Seconds of data that a viewer is sent at once when it subscribes. */
  readonly historyS: number;
}

/** Serves the built page, and a session to it. */
export interface SceneServer {
  readonly pageUrl: string;
  readonly uplotUrl: string;
  /** Sends `seconds` of older data, that many seconds before what was sent first, as fast as the connection takes it. */
  burst(seconds: number): Promise<void>;
  /** Live data goes on as if a second of it took `1 / speed` seconds. */
  setSpeed(speed: number): void;
  stop(): Promise<void>;
}

export async function serveScene({ channels, hz, historyS }: Scene): Promise<SceneServer> {
  const originMs = Date.now();
  const intervalNs = NS_PER_S / BigInt(hz);
  const sessionJson = JSON.stringify({
    ...{ identity: IDENTITY, state: "open" },
    configBindings: [{ identifier: IDENTITY, channelOffset: 0 }],
  });
  const uplot = await bundled("uplot-scene.ts");
  let socket: WebSocket | null = null;
  /** How far live data has come, and the oldest that was sent: samples after the start of the server's time. */
  let reached = 0;
  let oldest = 0;
  let speed = 1;
  const startNs = BigInt(originMs) * 1_000_000n;

  /** Samples `from` to before `to` of all channels, as messages. */
  function* messages(from: number, to: number): Generator<Uint8Array> {
    const step = Math.max(Math.floor(BURST_BYTES / (4 * channels)), 1);
    for (let at = from; at < to; at += step) {
      const end = Math.min(at + step, to);
      const firstNs = startNs + BigInt(at) * intervalNs;
      const runs = Array.from({ length: channels }, (_, channel) => {
        const samples = Float32Array.from({ length: end - at }, (_, index) =>
          valueAt(channel, (at + index) / hz),
        );
        return periodicItem({ channel, startNs: firstNs, intervalNs, samples });
      });
      yield compress(encodeItems([timeRangeItem(firstNs, startNs + BigInt(end - 1) * intervalNs), ...runs]));
    }
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url!, "http://bench").pathname;
    const text = path.startsWith("/uplot/") ? uplot.get(path) : undefined;
    const json = path.endsWith(`/sessions/${IDENTITY}`)
      ? sessionJson
      : path.endsWith(`/configs/${IDENTITY}`)
        ? configuration(channels, intervalNs)
        : undefined;
    if (text !== undefined || json !== undefined) {
      const type = json === undefined ? typeOf(path) : "application/json";
      response.writeHead(200, { "content-type": type }).end(text ?? json);
      return;
    }
    const file = path === "/viewer/" ? "viewer/index.html" : path.slice(1);
    readFile(new URL(file, ASSETS)).then(
      (contents) => response.writeHead(200, { "content-type": typeOf(file) }).end(contents),
      () => response.writeHead(404).end(),
    );
  });
  const sockets = new WebSocketServer({
    server,
    handleProtocols: ([first]) => first!,
    perMessageDeflate: false,
  });
  sockets.on("connection", (connected) => {
    socket = connected;
    connected.send(compress(encodeItems([sessionJsonItem(sessionJson)])));
    connected.once("message", () => {
      reached = Math.floor(((Date.now() - originMs) / 1000) * hz);
      oldest = reached - historyS * hz;
      for (const message of messages(oldest, reached)) connected.send(message);
    });
  });
  let lastMs = Date.now();
  const live = setInterval(() => {
    const nowMs = Date.now();
    const added = Math.round(((nowMs - lastMs) / 1000) * hz * speed);
    lastMs = nowMs;
    if (socket?.readyState !== WebSocket.OPEN || reached === 0) return;
    for (const message of messages(reached, reached + added)) socket.send(message);
    reached += added;
  }, 1000 / BURSTS_PER_S);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    pageUrl: `${base}/viewer/?session=${IDENTITY}`,
    uplotUrl: `${base}/uplot/`,
    setSpeed: (next) => {
      speed = next;
    },
    async burst(seconds) {
      const from = oldest - seconds * hz;
      for (const message of messages(from, oldest)) {
        await new Promise<void>((resolve, reject) => {
          socket!.send(message, (error) => (error ? reject(error) : resolve()));
        });
      }
      oldest = from;
    },
    async stop() {
      clearInterval(live);
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** What a channel has at a time: a wave of its own with a little noise. Both plotters show the same. */
export function valueAt(channel: number, seconds: number): number {
  const noise = ((Math.imul(Math.round(seconds * 1000) + channel, 0x9e3779b1) >>> 16) & 0xff) / 256;
  return 50 + 40 * Math.sin(seconds * (0.4 + 0.13 * channel) + channel) + 4 * noise;
}

function configuration(channels: number, intervalNs: bigint): string {
  const ids = Array.from({ length: channels }, (_, id) => id);
  return JSON.stringify({
    app: {
      parameters: ids.map((id) => ({
        ...{ id: `p${id}:app`, name: `p${id}`, desc: "", unit: "V", min: 0, max: 100 },
        channels: [id],
      })),
      channels: ids.map((id) => ({ id, type: "f32", source: "periodic", interval: Number(intervalNs) })),
    },
  });
}

async function bundled(entry: string): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [new URL(entry, import.meta.url).pathname],
    ...{ bundle: true, minify: true, format: "esm", target: "es2022", write: false },
  });
  return new Map([
    [
      "/uplot/",
      '<!doctype html><meta charset="utf-8"><body><script type="module" src="/uplot/scene.js"></script>',
    ],
    ["/uplot/scene.js", outputFiles[0]!.text],
  ]);
}

function typeOf(path: string): string {
  return TYPES[path.split(".").at(-1)!] ?? "text/html";
}
