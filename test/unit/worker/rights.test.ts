import { describe, expect, test } from "vitest";
import { allows, type Grant, grantOf, type Need, restNeed, UNLIMITED } from "../../../src/worker/rights.ts";

const session = (identity: string): Need => ({ kind: "session", identity });
const ALL: Need = { kind: "all-sessions" };

describe("the claim that names sessions", () => {
  test("does not count when it is not set", () => {
    expect(grantOf({ exp: 100, rta: [] }, undefined)).toEqual({ expiresAtMs: 105_000, sessions: null });
  });

  test.each<[unknown, string[] | null]>([
    [
      ["a", "b c"],
      ["a", "b c"],
    ],
    ["a b", ["a", "b"]],
    ["*", null],
    [["a", "*"], null],
    [[], []],
    ["", [""]],
  ])("%j", (value, expected) => {
    const grant = grantOf({ exp: 100, rta: value }, "rta")!;
    expect(grant.sessions && [...grant.sessions]).toEqual(expected);
  });

  test.each([undefined, null, 7, true, {}, [7], ["*", null]])("%j gives no rights", (value) => {
    expect(grantOf({ exp: 100, rta: value }, "rta")).toBeNull();
  });

  test.each(["toString", "__proto__", "constructor"])("%s is no claim unless the token has it", (name) => {
    expect(grantOf({ exp: 100 }, name)).toBeNull();
  });
});

describe("what a grant allows", () => {
  const limited: Grant = { expiresAtMs: 1, sessions: new Set(["a/b"]) };
  test.each<[Grant, Need, boolean]>([
    [limited, session("a/b"), true],
    [limited, session("a"), false],
    [limited, session("*"), false],
    [limited, ALL, false],
    [limited, { kind: "token" }, true],
    [UNLIMITED, session("a"), true],
    [UNLIMITED, ALL, true],
  ])("%o %j: %s", (grant, need, expected) => expect(allows(grant, need)).toBe(expected));
});

describe("what a REST request needs", () => {
  const pathname = (path: string): string => new URL(path, "https://edge.test").pathname;
  test.each<[string, Need]>([
    ["/rta/v2/sessions/a", session("a")],
    ["/rta/v2/sessions/a%2Fb", session("a/b")],
    ["/rta/v2/sessions/a/data/timestamped/-5,7,B-D", session("a")],
    ["/rta/v2/sessions/a/../b", session("b")],
    ["/rta/v2/sessions/a/%2e%2e/b", session("b")],
    ["/rta/v2/sessions/a\\..\\b", session("b")],
    ["/rta/v2/configs/abc", { kind: "token" }],
    ["/rta/v2/sessions/a/..%2Fb", ALL],
    ["/rta/v2/sessions/a/x%5c..", ALL],
    ["/rta/v2/sessions/a/%252e%252e/b", ALL],
    ["/rta/v2/sessions/%zz", ALL],
    ["/rta/v2/configs/..%2Fsessions", ALL],
    ["/rta/v2/sessions", ALL],
    ["/rta/v2/sessions/", ALL],
    ["/rta/v2//sessions/a", ALL],
    ["/rta/v2/Sessions/a", ALL],
    ["/rta/v2/session-folders/a", ALL],
    ["/rta/v2/data/a/row/-", ALL],
  ])("%s: %j", (path, expected) => expect(restNeed(pathname(path))).toEqual(expected));
});
