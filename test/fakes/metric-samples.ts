/** What a text of `/metrics` says, by name without the prefix `slipstream_`; samples with labels are left out. */
export function metricSamples(text: string): Readonly<Record<string, number>> {
  const samples = text.matchAll(/^slipstream_(\w+) (\S+)$/gm);
  return Object.fromEntries([...samples].map(([, name, value]) => [name, Number(value)]));
}
