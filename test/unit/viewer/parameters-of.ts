import { parseConfiguration } from "../../../src/client/configuration.ts";
import type { ParameterInfo } from "../../../src/viewer/engine/messages.ts";
import { parameterInfo } from "../../../src/viewer/store/parameter-info.ts";

/** Parameters as a configuration would give them, each on a channel unless it says otherwise. */
export function parametersOf(...parameters: readonly object[]): readonly ParameterInfo[] {
  return infosOf({ app: { parameters: parameters.map((parameter) => ({ channels: [1], ...parameter })) } });
}

/** The parameters of a configuration as the page knows them. */
export function infosOf(configuration: Readonly<Record<string, unknown>>): readonly ParameterInfo[] {
  return parseConfiguration(configuration, 0).parameters.map(parameterInfo);
}
