import { ChannelSet } from "./channel-set.ts";

/** What one viewer is to get besides metadata. Immutable; nothing ever narrows it. */
export interface Subscription {
  readonly allEvents: boolean;
  readonly allChannels: boolean;
  /** Empty when `allChannels` is set: equal wishes have equal subscriptions. */
  readonly channels: ChannelSet;
}

/** Runs of channel ids in one viewer's subscription: 1 MiB of memory. */
export const MAX_CHANNEL_RUNS = 131_072;

/** Metadata only: what a viewer has before it asks. */
export const NOTHING: Subscription = { allEvents: false, allChannels: false, channels: ChannelSet.EMPTY };

/** To store or to compare: a flag byte and the encoded channels. */
export type EncodedSubscription = Uint8Array;

export interface Wish {
  readonly allEvents: boolean;
  readonly allDataChannels: boolean;
  readonly channelIds: Iterable<number>;
}

export function widen(subscription: Subscription, wish: Wish): Subscription {
  const allChannels = subscription.allChannels || wish.allDataChannels;
  return {
    allEvents: subscription.allEvents || wish.allEvents,
    allChannels,
    channels: allChannels ? ChannelSet.EMPTY : subscription.channels.union(ChannelSet.of(wish.channelIds)),
  };
}

const ALL_EVENTS = 1;
const ALL_CHANNELS = 2;

export function encodeSubscription(subscription: Subscription): EncodedSubscription {
  const channels = subscription.channels.encode();
  const bytes = new Uint8Array(1 + channels.length);
  bytes[0] = (subscription.allEvents ? ALL_EVENTS : 0) | (subscription.allChannels ? ALL_CHANNELS : 0);
  bytes.set(channels, 1);
  return bytes;
}

export function decodeSubscription(bytes: EncodedSubscription): Subscription {
  const flags = bytes[0] ?? 0;
  return {
    allEvents: (flags & ALL_EVENTS) !== 0,
    allChannels: (flags & ALL_CHANNELS) !== 0,
    channels: ChannelSet.decode(bytes.subarray(1)),
  };
}

/** Equal subscriptions, and no others, have equal keys. */
export function subscriptionKey(encoded: EncodedSubscription): string {
  let key = "";
  for (const byte of encoded) key += String.fromCharCode(byte);
  return key;
}
