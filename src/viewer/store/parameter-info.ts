import type { Parameter } from "../../client/index.ts";
import type { ParameterInfo } from "../engine/messages.ts";

const known = new WeakMap<Parameter, ParameterInfo>();

/** What the page may know of a parameter. */
export function parameterInfo(parameter: Parameter): ParameterInfo {
  const made = known.get(parameter) ?? make(parameter);
  known.set(parameter, made);
  return made;
}

function make(parameter: Parameter): ParameterInfo {
  const { id, name, app, description, unit, groups, min, max, warnMin, warnMax } = parameter;
  return {
    ...{ id, name, app, description, unit, groups, min, max, warnMin, warnMax },
    hasData: parameter.channels.length > 0,
    isState: parameter.conversion.toText !== null,
  };
}
