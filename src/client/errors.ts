/** Why a call was refused; stable, for programs. */
export type ClientErrorCode =
  /** An argument is not what the function accepts; `argument` names it. */
  | "invalid-argument"
  /** A session is iterated for the second time; one loop gets all there is. */
  | "already-iterated";

/** The one error class of this package. What goes wrong while following is told as `Problem`, never thrown. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: ClientErrorCode;
  /** The argument that is wrong, such as `options.channels`; empty for other codes. */
  readonly argument: string;

  constructor(code: ClientErrorCode, message: string, argument = "") {
    super(message);
    this.code = code;
    this.argument = argument;
  }
}

/** Throws ClientError `invalid-argument` unless the argument is as it must be. */
export function mustBe(holds: boolean, argument: string, what: string): asserts holds {
  if (!holds) throw new ClientError("invalid-argument", `${argument} must be ${what}`, argument);
}
