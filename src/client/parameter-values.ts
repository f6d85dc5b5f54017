import { type ChannelType, SAMPLE_BYTES } from "../wire/samples.ts";
import { ALL_BITS, type Parameter } from "./configuration.ts";
import { mustBe } from "./errors.ts";
import { formatValue } from "./format.ts";

/** Bits of the integer types; floats are not shifted or masked. */
const INTEGER_BITS: Readonly<Partial<Record<ChannelType, number>>> = {
  u8: 8,
  s8: 8,
  u16: 16,
  s16: 16,
  u32: 32,
  s32: 32,
};

/**
 * Raw samples of one of the parameter's channels to values in the parameter's unit:
 * shift, mask, conversion, offset. `into` receives as many values as there are samples. Throws ClientError.
 */
export function parameterValues(
  parameter: Parameter,
  type: ChannelType,
  raw: ArrayLike<number>,
  into: Float64Array = new Float64Array(raw?.length ?? 0),
): Float64Array {
  checkParameter(parameter);
  mustBe(Object.hasOwn(SAMPLE_BYTES, type), "type", "the type of a channel, such as u16");
  mustBe(typeof raw === "object" && raw !== null && "length" in raw, "raw", "a list of samples");
  mustBe(
    into instanceof Float64Array && into.length >= raw.length,
    "into",
    "a Float64Array with room for each sample",
  );
  const { conversion, shift, mask } = parameter;
  const bits = shift === 0 && mask === ALL_BITS ? undefined : INTEGER_BITS[type];
  const offset = conversion.toText === null ? parameter.offset : 0;
  for (let index = 0; index < raw.length; index++) {
    const sample = raw[index] as number;
    const field = bits === undefined ? sample : bitField(sample, bits, shift, mask);
    into[index] = conversion.toNumber(field) + offset;
  }
  return into;
}

/** A value of the parameter as people read it, without its unit. Throws ClientError. */
export function parameterText(parameter: Parameter, value: number): string {
  checkParameter(parameter);
  mustBe(typeof value === "number", "value", "a number");
  return parameter.conversion.toText?.(value) ?? formatValue(parameter.format, value);
}

function checkParameter(parameter: Parameter): void {
  mustBe(typeof parameter?.conversion?.toNumber === "function", "parameter", "a parameter of a catalogue");
}

/** Decision A-40: the raw bits as an unsigned number of the channel's width, shifted, then masked. */
function bitField(sample: number, bits: number, shift: number, mask: number): number {
  const unsigned = bits === 32 ? sample >>> 0 : sample & (2 ** bits - 1);
  if (Math.abs(shift) >= 32) return 0;
  return ((shift >= 0 ? unsigned >>> shift : unsigned << -shift) & mask) >>> 0;
}
