/** Ascending channel numbers as REST wants them: hexadecimal, neighbours as ranges, such as `5,7,b-d`. */
export function channelList(channels: readonly number[]): string {
  const runs: [first: number, last: number][] = [];
  for (const channel of channels) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === channel - 1) run[1] = channel;
    else runs.push([channel, channel]);
  }
  return runs.map(([first, last]) => (first === last ? hex(first) : `${hex(first)}-${hex(last)}`)).join(",");
}

function hex(channel: number): string {
  return channel.toString(16);
}
