import { randomUUID } from "node:crypto";
import { openSession, type ProducerSession, type SessionState, sessionJson } from "../../producer/index.ts";
import { connectProducer, type ProducerConnection } from "../producer-connection.ts";
import type { RedisReader } from "./redis-reader.ts";

/** Goes by itself where it cannot be removed. */
const EXPIRY_SECONDS = 60;

/** A session that a command writes to see what becomes of it, in a stream of its own, and removes again. */
export class OwnSession {
  readonly session: ProducerSession;
  readonly #connection: ProducerConnection;
  readonly #reader: RedisReader;

  private constructor(session: ProducerSession, connection: ProducerConnection, reader: RedisReader) {
    this.session = session;
    this.#connection = connection;
    this.#reader = reader;
  }

  /** `reader`: of the same Redis. Rejects with ProducerError where it cannot be written to. */
  static async open(
    purpose: string,
    redis: { url: string; token: string | undefined },
    reader: RedisReader,
  ): Promise<OwnSession> {
    const connection = await connectProducer(redis, () => {});
    try {
      const identity = `${purpose}-${randomUUID()}`;
      const session = await openSession({
        ...{ redis: connection.redis, identity, streamName: identity },
        ...{ expirySeconds: EXPIRY_SECONDS, retryForMs: 0 },
      });
      const own = new OwnSession(session, connection, reader);
      await session.writeSessionJson(own.#json("open"));
      return own;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get identity(): string {
    return this.session.identity;
  }

  /** Closes it for those who follow it, and leaves nothing behind. */
  async remove(): Promise<void> {
    const { streamName } = this.session.place;
    await this.session.close(this.#json("closed")).catch(() => {});
    await this.#reader
      .ask(["DEL", `sessions:${this.identity}`, `stream:${streamName}`], ["SREM", "streams", streamName])
      .catch(() => {});
    this.#connection.close();
  }

  #json(state: SessionState): string {
    return sessionJson({
      identity: this.identity,
      state,
      timestamp: new Date().toISOString(),
      identifier: `slipstream ${this.identity.slice(0, this.identity.indexOf("-"))}`,
      configBindings: [],
    });
  }
}
