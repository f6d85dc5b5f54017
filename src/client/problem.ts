/** Something that went wrong without ending the connection. */
export interface Problem {
  readonly code: /** A message that is not one LZ4 block of one well-formed burst; skipped. */
    | "bad-frame"
    /** A text message; the protocol has none; skipped. */
    | "not-binary"
    /** Samples whose width neither the configuration nor their number tells; skipped. */
    | "unknown-width"
    /** A streamed Session JSON that is no JSON; skipped. */
    | "bad-session-json"
    /** A configuration that REST does not have, or not as JSON. */
    | "no-configuration";
  readonly message: string;
}
