import { type Parameter, parseConfiguration } from "../../../src/client/configuration.ts";

/** Parameters as a configuration would give them, each on a channel unless it says otherwise. */
export function parametersOf(...parameters: readonly object[]): readonly Parameter[] {
  const json = { app: { parameters: parameters.map((parameter) => ({ channels: [1], ...parameter })) } };
  return parseConfiguration(json, 0).parameters;
}
