import { describe, expect, test } from "vitest";
import { withMembers } from "../../../src/producer/json-members.ts";

describe("[P-09] members are set, and every other character stays", () => {
  test.each([
    ['{"state":"open"}', '{"state":"failed"}'],
    ['{ "a" : [1, {"state":"x"}], "state" : "op\\"}en" , "b":1795424400000000123 }', undefined],
    ['{"a":"\\\\","state":{"deep":[1,2,{}]},"c":null}', '{"a":"\\\\","state":"failed","c":null}'],
    ["{}", '{"state":"failed"}'],
    ["{\n}\n", '{"state":"failed"\n}\n'],
    ['{"a":1 }', '{"a":1,"state":"failed" }'],
    ['{"st\\u0061te":1,"b":"state"}', '{"st\\u0061te":"failed","b":"state"}'],
    ['{"state":1,"state":2}', '{"state":"failed","state":"failed"}'],
    ['{"x{":"}","state":"open"}', '{"x{":"}","state":"failed"}'],
  ])("%s", (json, expected) => {
    const text = withMembers(json, { state: '"failed"' });
    expect(text).toBe(expected ?? json.replace('"op\\"}en"', '"failed"'));
    expect(JSON.parse(text)).toEqual({ ...JSON.parse(json), state: "failed" });
  });

  test("several, some of them new", () => {
    expect(withMembers('{"b":1}', { a: "[]", b: "2", c: "{}" })).toBe('{"b":2,"a":[],"c":{}}');
  });

  test("in a text of the largest size", () => {
    const json = `{"a":"${'\\"'.repeat(500_000)}","state":"open"}`;
    expect(withMembers(json, { state: "1" })).toBe(json.replace('"open"', "1"));
  });

  test.each(["", "[]", "null", '"state"', '{"a":}'])("%s is no JSON object", (json) => {
    expect(() => withMembers(json, { state: "1" })).toThrow(SyntaxError);
  });
});
