/** What a part of the bench is told. */
export interface PartContext {
  /** The short form: everything runs, in a fraction of the time; its figures are rough. */
  readonly short: boolean;
  /** A line on what is going on, to stderr. */
  readonly log: (line: string) => void;
}

/** One row of the table. */
export interface Figure {
  readonly name: string;
  /** `x` for a ratio. */
  readonly unit: string;
  /** One for each round that counted: the table shows their median, least and most. */
  readonly values: readonly number[];
  /** What the median is held against. A miss is shown and fails nothing. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  /** What stands behind it, by name and unit. */
  readonly beside?: Readonly<Record<string, number>>;
}

/** A part is a file of `parts/`, run in a process of its own. */
export interface Part {
  readonly title: string;
  run(context: PartContext): Promise<readonly Figure[]>;
}

/**
 * Measures the subjects in turn, A B A B, so that what disturbs one disturbs the other. The first `warmUps` rounds
 * are thrown away; the values at one index belong to one round.
 */
export async function interleave<Name extends string>(
  { warmUps, rounds }: { readonly warmUps: number; readonly rounds: number },
  subjects: Readonly<Record<Name, () => number | Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(subjects) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < warmUps + rounds; round++) {
    for (const name of names) {
      const value = await subjects[name]();
      if (round >= warmUps) values[name].push(value);
    }
  }
  return values;
}

/** Round by round: dividing what was measured side by side. */
export function ratios(dividends: readonly number[], divisors: readonly number[]): number[] {
  return dividends.map((dividend, round) => dividend / divisors[round]!);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
