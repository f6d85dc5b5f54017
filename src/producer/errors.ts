/** Why the producer refused or failed; stable, for programs. */
export type ProducerErrorCode =
  /** One item is larger than the protocol lets an entry be, and items are never cut. */
  | "item-too-large"
  /** The bytes given are not a serialized StreamDataBurst. */
  | "malformed-burst"
  /** The session's closing JSON has been written. */
  | "session-closed"
  /** `close` was given a JSON whose state is not a closed one. */
  | "state-not-closed"
  /** Redis refused a command, or the connection was lost before it answered. */
  | "redis";

/** The one error class of this package. */
export class ProducerError extends Error {
  readonly code: ProducerErrorCode;

  constructor(code: ProducerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ProducerError";
    this.code = code;
  }
}
