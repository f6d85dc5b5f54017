/** The argument that names a session. */
export const identityArgument = {
  parse: identityFrom,
  placeholder: "identity",
  brief: "The session's identity; `slipstream sessions` lists them",
} as const;

function identityFrom(text: string): string {
  if (text === "") throw new SyntaxError("must not be empty");
  return text;
}
