import { expect, test } from "vitest";
import { bytesOf, textOf } from "../../../src/redis/base64.ts";

test("[R-04] all byte values come through", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
  expect(bytesOf(Buffer.from(bytes).toString("base64"))).toEqual(bytes);
});

test("the one reply that gateways leave as it is", () => {
  expect(textOf("OK")).toBe("OK");
  expect(textOf(btoa("OK"))).toBe("OK");
});

test.each([undefined, null, 7, [], ["T0s="], "%", "a", "a-_b"])("%j is no bytes", (reply) => {
  expect(bytesOf(reply)).toBeNull();
  expect(textOf(reply)).toBeNull();
});

test("[F-04] a text keeps its byte order mark; bytes that are no UTF-8 become marks", () => {
  expect(textOf(Buffer.from("\uFEFF{}").toString("base64"))).toBe("\uFEFF{}");
  expect(textOf(Buffer.from([0x61, 0xff]).toString("base64"))).toBe("a\uFFFD");
});
