import { expect, test } from "vitest";
import { endToEnd, originHeaders } from "../../../src/worker/proxy-headers.ts";

const url = new URL("https://edge.test:8443/rta/v2/sessions");
const NONE = { kind: "none" } as const;

test("what belongs to one connection ends with it, and so does what Connection names", () => {
  const given = new Headers({
    ...{ Connection: "close, X-Private,, Foo", "Keep-Alive": "5", "Proxy-Connection": "x", TE: "trailers" },
    ...{ Trailer: "x", "Transfer-Encoding": "chunked", Upgrade: "h2c", "Proxy-Authorization": "secret" },
    ...{ "X-Private": "1", Foo: "2", Accept: "application/json", "Content-Type": "a/b", ETag: "x" },
  });
  expect(Object.fromEntries(endToEnd(given))).toEqual({
    accept: "application/json",
    "content-type": "a/b",
    etag: "x",
  });
});

test("names in Connection that are no names harm nothing", () => {
  expect([...endToEnd(new Headers({ Connection: "a b, (, é", X: "1" }))]).toEqual([["x", "1"]]);
});

test("the origin learns host, scheme and client from us, not from the client", () => {
  const given = new Headers({
    ...{ Forwarded: "for=1.1.1.1", "X-Forwarded-For": "1.1.1.1", "X-Forwarded-Host": "evil.test" },
    ...{ "X-Forwarded-Proto": "http", "X-Real-IP": "1.1.1.1", Host: "edge.test" },
  });
  const sent = (headers: Headers) => Object.fromEntries(originHeaders(headers, url, NONE));
  const ours = { "x-forwarded-host": "edge.test:8443", "x-forwarded-proto": "https" };
  expect(sent(given)).toEqual(ours);
  given.set("CF-Connecting-IP", "192.0.2.1");
  expect(sent(given)).toMatchObject({ ...ours, "x-forwarded-for": "192.0.2.1" });
});

test("a token goes as Authorization, wherever it came; what else came there stays", () => {
  const given = new Headers({ "Sec-WebSocket-Protocol": "bearer.t", Authorization: "Basic x" });
  const sent = originHeaders(given, url, { kind: "token", token: "t" });
  expect([sent.get("Authorization"), sent.get("Sec-WebSocket-Protocol")]).toEqual(["Bearer t", null]);
  expect(originHeaders(given, url, NONE).get("Authorization")).toBe("Basic x");
});
