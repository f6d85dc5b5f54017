/** Something that went wrong without ending the connection. */
export interface Problem {
  readonly code: /** A message that is not one LZ4 block of one well-formed burst; skipped. */
    | "bad-frame"
    /** A text message; the protocol has none; skipped. */
    | "not-binary"
    /** Samples whose width neither the configuration nor their number tells; skipped. */
    | "unknown-width"
    /** More samples than can be kept came before the configuration was known; skipped. */
    | "no-catalogue"
    /** A streamed Session JSON that is no JSON; skipped. */
    | "bad-session-json"
    /** A configuration that REST does not have, or not as JSON. */
    | "no-configuration"
    /** The configuration has no parameter of a wanted name; it stays wanted. */
    | "unknown-parameter"
    /** The function that gets tokens failed or gave none; it is asked again. */
    | "no-token"
    /** A WebSocket of this platform cannot carry the token. */
    | "unusable-token"
    /** Part of REST's history could not be had or read; it was skipped. */
    | "bad-history";
  readonly message: string;
}
