import { describe, expect, test } from "vitest";
import {
  forgetToken,
  keepToken,
  type Place,
  takeToken,
  tokenOf,
} from "../../../../src/viewer/sign-in/token.ts";

function placeAt(hash: string): Place & { readonly shown: string[] } {
  const kept = new Map<string, string>();
  const shown: string[] = [];
  return {
    shown,
    location: { pathname: "/viewer/", search: "?session=a%20b", hash },
    history: { replaceState: (_data, _unused, url) => void shown.push(url) },
    sessionStorage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
  };
}

describe("a token in the fragment", () => {
  test("[W-07] is kept for the tab, and leaves the address with nothing else", () => {
    const place = placeAt("#v=1&access_token=abc.d-e_f~g%2Bh%3D&delay=2");
    expect(takeToken(place)).toBe("abc.d-e_f~g+h=");
    expect(place.shown).toEqual(["/viewer/?session=a%20b#v=1&delay=2"]);
    expect(takeToken({ ...place, location: { ...place.location, hash: "#v=1&delay=2" } })).toBe(
      "abc.d-e_f~g+h=",
    );
    expect(place.shown).toHaveLength(1);
  });

  test("leaves no fragment behind when it was alone", () => {
    const place = placeAt("#access_token=abc");
    expect(takeToken(place)).toBe("abc");
    expect(place.shown).toEqual(["/viewer/?session=a%20b"]);
  });

  test.each([
    "#access_token=",
    "#access_token=a b",
    "#access_token=%zz",
    `#access_token=${"x".repeat(9000)}`,
  ])("that cannot be one leaves the address too, and is not kept: %.30s", (hash) => {
    const place = placeAt(hash);
    expect(takeToken(place)).toBeNull();
    expect(place.shown).toEqual(["/viewer/?session=a%20b"]);
  });
});

test("without one the address stays as it is", () => {
  const place = placeAt("#v=1");
  expect(takeToken(place)).toBeNull();
  keepToken("abc", place);
  expect(takeToken(place)).toBe("abc");
  forgetToken(place);
  expect(takeToken(place)).toBeNull();
  expect(place.shown).toEqual([]);
});

test("where nothing may be kept, a token lasts as long as the page", () => {
  const place = { ...placeAt("#access_token=abc") };
  Object.defineProperty(place, "sessionStorage", {
    get: () => {
      throw new DOMException("denied", "SecurityError");
    },
  });
  expect(takeToken(place)).toBe("abc");
  expect(
    takeToken({
      ...placeAt(""),
      get sessionStorage(): never {
        throw new Error("denied");
      },
    }),
  ).toBeNull();
});

test.each([
  [" abc.def \n", "abc.def"],
  ["Bearer abc", "abc"],
  ["bearer  abc==", "abc=="],
  ["", null],
  ["two words", null],
  ["ümlaut", null],
  ["a\u0000b", null],
])("what is pasted as %j is the token %j", (text, token) => {
  expect(tokenOf(text)).toBe(token);
});
