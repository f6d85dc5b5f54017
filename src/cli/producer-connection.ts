import { connectGateway, connectRedis, type OpenSessionOptions } from "../producer/index.ts";

/** A Redis to open sessions in. */
export interface ProducerConnection {
  readonly redis: OpenSessionOptions["redis"];
  close(): void;
}

/**
 * Connects to Redis (`redis://`, `rediss://`), or to an HTTP gateway before it, for which there is a token. Rejects with
 * ProducerError. `onError` is told when a connection that stood is lost.
 */
export async function connectProducer(
  { url, token }: { url: string; token?: string | undefined },
  onError: (error: Error) => void,
): Promise<ProducerConnection> {
  if (/^https?:/.test(url)) {
    return { redis: await connectGateway({ url, token: token ?? "" }), close: () => {} };
  }
  const redis = await connectRedis(url, onError);
  return { redis, close: () => redis.destroy() };
}
