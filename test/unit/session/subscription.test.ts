import { expect, test } from "vitest";
import {
  decodeSubscription,
  encodeSubscription,
  NOTHING,
  type Subscription,
  subscriptionKey,
  type Wish,
  widen,
} from "../../../src/session/subscription.ts";
import { Random } from "../../fuzz/random.ts";

const WISHES: Wish[] = [
  { allEvents: false, allDataChannels: false, channelIds: [] },
  { allEvents: true, allDataChannels: false, channelIds: [] },
  { allEvents: false, allDataChannels: true, channelIds: [5] },
  { allEvents: false, allDataChannels: false, channelIds: [3, 7, 300] },
  { allEvents: true, allDataChannels: false, channelIds: [0, 0xffffffff] },
];

const keyOf = (subscription: Subscription): string => subscriptionKey(encodeSubscription(subscription));
const after = (...wishes: Wish[]): Subscription => wishes.reduce(widen, NOTHING);

function randomWish(random: Random): Wish {
  return {
    allEvents: random.chance(0.3),
    allDataChannels: random.chance(0.1),
    channelIds: Array.from({ length: random.below(5) }, () => random.below(9)),
  };
}

/** Which of the first channels, and which of everything else, a subscription covers. */
function covered({ allEvents, allChannels, channels }: Subscription): boolean[] {
  const ids = Array.from({ length: 10 }, (_, id) => allChannels || channels.has(id));
  return [allEvents, allChannels, ...ids];
}

test.each([1, 2, 3, 4, 5])("[S-03] [S-04] seed %i: wishes widen, in any order, and never narrow", (seed) => {
  const random = new Random(seed);
  for (let round = 0; round < 200; round++) {
    const [a, b, c] = [randomWish(random), randomWish(random), randomWish(random)];
    expect(keyOf(after(a, b))).toBe(keyOf(after(b, a)));
    expect(keyOf(after(a, b, c))).toBe(keyOf(after(c, b, a)));
    expect(keyOf(after(a, a))).toBe(keyOf(after(a)));
    const wider = covered(after(a, b));
    expect(covered(after(a)).every((had, i) => !had || wider[i])).toBe(true);
    expect(wider).toEqual(covered(after(a)).map((had, i) => had || covered(after(b))[i]));
  }
});

test("[S-05] all channels are no events, and all events no channels", () => {
  expect(after(WISHES[2]!)).toMatchObject({ allEvents: false, allChannels: true });
  expect(after(WISHES[1]!)).toMatchObject({ allEvents: true, allChannels: false });
});

test("equal subscriptions have equal keys however they came about, different ones do not", () => {
  const one = (...channelIds: number[]): Wish => ({ ...WISHES[0]!, channelIds });
  expect(keyOf(after(one(3), one(7)))).toBe(keyOf(after(one(7, 3, 3))));
  expect(keyOf(after(one(3), WISHES[2]!))).toBe(keyOf(after(WISHES[2]!)));
  const keys = [...WISHES, one(3), one(3, 4), one(4), one(1, 2), one(0x80), one(0)].map((wish) =>
    keyOf(after(wish)),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test.each(WISHES)("comes back from its bytes: %j", (wish) => {
  const subscription = after(wish);
  const decoded = decodeSubscription(encodeSubscription(subscription));
  expect(covered(decoded)).toEqual(covered(subscription));
  expect(keyOf(decoded)).toBe(keyOf(subscription));
});

test("no bytes are the subscription to nothing", () => {
  expect(keyOf(decodeSubscription(new Uint8Array(0)))).toBe(keyOf(NOTHING));
});
