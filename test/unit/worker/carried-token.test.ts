import { describe, expect, test } from "vitest";
import { readVisit } from "../../../src/worker/carried-token.ts";

const visit = (query: string, headers: Record<string, string> = {}) =>
  readVisit(new Request(`https://edge.test/a%20b${query}`, { headers }));
const token = (value: string) => ({ kind: "token", token: value });

describe("[U-01] where a token is taken from", () => {
  test.each<[string, Record<string, string>, unknown]>([
    ["", {}, { kind: "none" }],
    ["", { Authorization: "Bearer a.b.c" }, token("a.b.c")],
    ["", { Authorization: "BEARER   a" }, token("a")],
    ["", { Authorization: "Basic a" }, { kind: "none" }],
    ["", { Authorization: "Bearertoken" }, { kind: "none" }],
    ["", { Authorization: "Bearer" }, { kind: "malformed" }],
    ["", { Authorization: "Bearer a b" }, { kind: "malformed" }],
    ["", { Authorization: "Bearer a, Bearer b" }, { kind: "malformed" }],
    ["", { Authorization: `Bearer ${"x".repeat(8 * 1024)}` }, token("x".repeat(8 * 1024))],
    ["", { Authorization: `Bearer ${"x".repeat(8 * 1024 + 1)}` }, { kind: "malformed" }],
    ["", { "Sec-WebSocket-Protocol": "x, bearer.a.b.c" }, token("a.b.c")],
    ["", { "Sec-WebSocket-Protocol": "bearer.a,bearer.b" }, { kind: "malformed" }],
    ["", { "Sec-WebSocket-Protocol": "Bearer.a, bearer" }, { kind: "none" }],
    ["?access_token=a", {}, token("a")],
    ["?access_token=", {}, { kind: "malformed" }],
    ["?access_token=a&access_token=a", {}, { kind: "malformed" }],
    ["?access_token=a%00", {}, { kind: "malformed" }],
    ["?Access_Token=a", {}, { kind: "none" }],
    ["?access_token=c", { Authorization: "Bearer a", "Sec-WebSocket-Protocol": "bearer.b" }, token("a")],
    ["?access_token=c", { Authorization: "Basic a", "Sec-WebSocket-Protocol": "bearer.b" }, token("b")],
    ["?access_token=c", { Authorization: "Bearer" }, { kind: "malformed" }],
  ])("%j %j", (query, headers, expected) => {
    expect(visit(query, headers).carried).toEqual(expected);
  });
});

describe("[U-03] the URL goes on without a token, and else as it was", () => {
  test.each([
    ["", ""],
    ["?a=1", "?a=1"],
    ["?a=%20+%2f&&b", "?a=%20+%2f&&b"],
    ["?access_token=t", ""],
    ["?a=%20+&access_token=t&b=1&b=2", "?a=%20+&b=1&b=2"],
    ["?access%5Ftoken=t&a", "?a"],
    ["?access_token&a", "?a"],
  ])("%j: %j", (query, expected) => {
    const { url } = visit(query);
    expect(url.href).toBe(`https://edge.test/a%20b${expected}`);
  });
});
