import type { Command, Message, News, Question, Questions } from "./messages.ts";
import { Told } from "./told.ts";

/** The page's side of the worker that follows the session, keeps its samples and draws them. */
export class Engine extends Told<News> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, (answer: never) => void>();
  #tickets = 0;

  constructor(worker: Worker = new Worker("/viewer/worker.js", { type: "module", name: "slipstream" })) {
    super();
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Message>) => this.#take(data);
    worker.onerror = ({ message }) => this.tell("failed", message);
  }

  /** Tells the worker something; canvases move over to it. */
  command(command: Command, transfer: Transferable[] = []): void {
    this.#worker.postMessage(command, transfer);
  }

  /** Asks the worker something of what may be seen. */
  ask<Q extends Question>(question: Q, ask: Questions[Q]["ask"]): Promise<Questions[Q]["answer"]> {
    const ticket = this.#tickets++;
    this.command({ kind: "ask", ticket, question, ask });
    return new Promise((resolve) => this.#waiting.set(ticket, resolve));
  }

  #take(message: Message): void {
    if (message.kind !== "answer") {
      this.tell(message.kind, message.news as never);
      return;
    }
    this.#waiting.get(message.ticket)?.(message.answer as never);
    this.#waiting.delete(message.ticket);
  }
}
