import { follow } from "../client/index.ts";
import { Desk } from "./engine/desk.ts";
import type { Command } from "./engine/messages.ts";

const desk = new Desk((message) => postMessage(message), follow);
addEventListener("message", ({ data }: MessageEvent<Command>) => desk.take(data));
desk.start();
