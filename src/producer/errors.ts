/** Why the producer refused or failed; stable, for programs. */
export type ProducerErrorCode =
  /** An argument is not what the function accepts; the message names it. */
  | "invalid-argument"
  /** Samples for a channel that the batch was not told of. */
  | "unknown-channel"
  /** A value does not fit the channel's type. */
  | "value-out-of-range"
  /** One item is larger than the protocol lets an entry be, and items are never cut. */
  | "item-too-large"
  /** One write holds more than can be one transaction. */
  | "write-too-large"
  /** The bytes given are not a serialized StreamDataBurst. */
  | "malformed-burst"
  /** A session begins with its Session JSON, and none has been written. */
  | "no-session-json"
  /** The session's closing JSON has been written. */
  | "session-closed"
  /** `close` was given a JSON whose state is not a closed one. */
  | "state-not-closed"
  /** The batch holds as much as it may, and the caller did not wait. */
  | "buffer-full"
  /** Another producer has opened a session of this identity since. */
  | "superseded"
  /** Redis refused: what was to be written has not been. */
  | "redis"
  /** Redis could not be reached, or did not answer, for as long as was to be tried. */
  | "redis-unavailable";

/** The one error class of this package. The message names the action; it holds no payload and no token. */
export class ProducerError extends Error {
  readonly code: ProducerErrorCode;

  constructor(code: ProducerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProducerError";
    this.code = code;
  }
}

export function invalid(message: string): ProducerError {
  return new ProducerError("invalid-argument", message);
}

export function tooLarge(itemBytes: number, limit: number): ProducerError {
  return new ProducerError(
    "item-too-large",
    `Cannot write an item of ${itemBytes} bytes: the limit is ${limit}`,
  );
}
