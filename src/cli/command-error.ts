/** What went wrong, in words for the person at the terminal: printed without a stack trace. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}
