/** Write a live session: the producer's side of the RTA stream, over Redis. */
export { connectRedis, type RedisConnection } from "./connect.ts";
export * from "./portable.ts";
