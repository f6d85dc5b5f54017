import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Puts a style on text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colours only on a terminal that has them, and not where the environment says NO_COLOR. */
export function paintFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Paint {
  const isColourful = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return isColourful
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_style, text) => text;
}
