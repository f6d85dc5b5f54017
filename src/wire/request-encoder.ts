/** What a viewer wants added to its subscription; channels are session channel numbers. */
export interface SubscriptionRequest {
  allEvents: boolean;
  allDataChannels: boolean;
  channelIds: readonly number[];
}

/** Tags of StreamRequest and StreamSubscription. */
const SUBSCRIBE = 0x12;
const ALL_EVENTS = 0x08;
const ALL_DATA_CHANNELS = 0x10;
const CHANNEL_IDS_PACKED = 0x1a;

/** A StreamRequest for the parts given, ready to send. Written by hand, so that clients need no protobuf library. */
export function encodeRequest(request: Partial<SubscriptionRequest>): Uint8Array<ArrayBuffer> {
  const { allEvents = false, allDataChannels = false, channelIds = [] } = request;
  const ids = channelIds.flatMap(varint);
  const subscription = [
    ...(allEvents ? [ALL_EVENTS, 1] : []),
    ...(allDataChannels ? [ALL_DATA_CHANNELS, 1] : []),
    ...(ids.length > 0 ? [CHANNEL_IDS_PACKED, ...varint(ids.length)] : []),
  ];
  const head = [SUBSCRIBE, ...varint(subscription.length + ids.length), ...subscription];
  const bytes = new Uint8Array(head.length + ids.length);
  bytes.set(head);
  bytes.set(ids, head.length);
  return bytes;
}

/** An unsigned number of up to 32 bits, 7 bits to a byte, the lowest first. */
function varint(value: number): number[] {
  const bytes = [];
  for (; value >= 0x80; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  bytes.push(value);
  return bytes;
}
