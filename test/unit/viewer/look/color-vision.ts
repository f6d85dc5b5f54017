/** Colours as people with each kind of colour vision see them, for tests of the palette. */

type Linear = readonly [red: number, green: number, blue: number];

/** Rows of matrices over linear RGB: Machado, Oliveira and Fernandes 2009, severity 1. */
export const VISIONS = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const;

export type Vision = keyof typeof VISIONS;

/** The contrast ratio of WCAG 2, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => x - y) as [
    number,
    number,
  ];
  return (light + 0.05) / (dark + 0.05);
}

/** Distance in OKLab, where 0.02 is about the least that can be told apart side by side. */
export function distance(a: string, b: string, vision: Vision): number {
  const [p, q] = [a, b].map((color) => oklab(seen(linear(color), vision))) as [Linear, Linear];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

function linear(hex: string): Linear {
  const part = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function luminance([red, green, blue]: Linear): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function seen(color: Linear, vision: Vision): Linear {
  return times(VISIONS[vision], color).map((part) => Math.min(Math.max(part, 0), 1)) as unknown as Linear;
}

function oklab(color: Linear): Linear {
  const cones = [
    0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566, 0.0883024619,
    0.2817188376, 0.6299787005,
  ];
  const axes = [
    0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099, 0.0259040371,
    0.7827717662, -0.808675766,
  ];
  return times(axes, times(cones, color).map(Math.cbrt) as unknown as Linear);
}

function times(matrix: readonly number[], vector: Linear): Linear {
  const row = (at: number): number =>
    matrix[at]! * vector[0] + matrix[at + 1]! * vector[1] + matrix[at + 2]! * vector[2];
  return [row(0), row(3), row(6)];
}
