import { describe, expect, test } from "vitest";
import { carConfiguration } from "../../../../src/cli/car-config.ts";
import type { ParameterInfo } from "../../../../src/viewer/engine/messages.ts";
import { groupedLines } from "../../../../src/viewer/parameters/grouping.ts";
import { rolesOf } from "../../../../src/viewer/parameters/roles.ts";
import { ParameterIndex } from "../../../../src/viewer/parameters/search.ts";
import { scrollToRow, visibleRows } from "../../../../src/viewer/parameters/visible-rows.ts";
import { infosOf, parametersOf } from "../parameters-of.ts";

const names = (parameters: readonly ParameterInfo[]) => parameters.map(({ name }) => name);
const car = infosOf(JSON.parse(carConfiguration().json));

describe("search", () => {
  const index = new ParameterIndex(car);

  test.each([
    ["", names(car)],
    ["VCAR", ["vCar"]],
    ["tyre fl", ["TTyreFL"]],
    ["°c rear", []],
    ["bar", ["pBrake", "pOil"]],
    ["unit:bar", ["pBrake", "pOil"]],
    ["unit:bar group:engine", ["pOil"]],
    ["group:brakes", ["TBrakeFL", "TBrakeFR", "TBrakeRL", "TBrakeRR"]],
    ["name:lap", ["sLap", "NLap"]],
    ["app:nobody", []],
    ["group:", []],
    ["lap number", ["NLap"]],
  ])("%j", (query, expected) => {
    expect(names(index.find(query))).toEqual(expected);
  });

  test("puts names that begin with what is typed first, and keeps the order otherwise", () => {
    const mixed = new ParameterIndex(
      parametersOf({ id: "xFuel" }, { id: "tank", desc: "fuel" }, { id: "fuelB" }),
    );
    expect(names(mixed.find("fuel"))).toEqual(["fuelB", "xFuel", "tank"]);
  });
});

describe("groups", () => {
  test("head what they list, in the order of the configuration", () => {
    const lines = groupedLines(car, new Set(["Tyres"]));
    const headings = lines.flatMap((line) => (line.kind === "group" ? [line] : []));
    expect(headings.map(({ name }) => name)).toEqual([
      ...["Chassis", "Engine", "Driver", "Tyres", "Brakes", "Position", "Status"],
    ]);
    expect(headings.find(({ name }) => name === "Tyres")).toMatchObject({ count: 4, isOpen: false });
    const shown = lines.flatMap((line) => (line.kind === "parameter" ? [line.parameter.name] : []));
    expect(shown).not.toContain("TTyreFL");
    expect(shown).toContain("TBrakeFL");
    expect(lines).toHaveLength(car.length - 4 + headings.length);
  });

  test("have no heading where there is but one", () => {
    const lines = groupedLines(parametersOf({ id: "a" }, { id: "b" }), new Set());
    expect(lines.map(({ kind }) => kind)).toEqual(["parameter", "parameter"]);
  });
});

describe("rows in view", () => {
  test.each([
    [{ scrollTop: 0, height: 100 }, [0, 6]],
    [{ scrollTop: 1000, height: 100 }, [38, 46]],
    [{ scrollTop: 24_900, height: 100 }, [994, 1000]],
    [{ scrollTop: 99_999, height: 100 }, [1000, 1000]],
    [{ scrollTop: -50, height: 100 }, [0, 6]],
  ])("%j", (viewport, expected) => {
    expect(visibleRows(viewport, 25, 1000)).toEqual(expected);
  });

  test("every row that shows any pixel is among them, wherever the list stands", () => {
    for (let scrollTop = 0; scrollTop < 700; scrollTop += 7) {
      const [from, to] = visibleRows({ scrollTop, height: 90 }, 25, 30);
      const shown = [...Array(30).keys()].filter(
        (row) => (row + 1) * 25 > scrollTop && row * 25 < scrollTop + 90,
      );
      expect(shown.filter((row) => row < from || row >= to)).toEqual([]);
    }
  });

  test("scrolling to a row moves as little as possible", () => {
    const viewport = { scrollTop: 100, height: 100 };
    expect(scrollToRow(viewport, 25, 5)).toBe(100);
    expect(scrollToRow(viewport, 25, 2)).toBe(50);
    expect(scrollToRow(viewport, 25, 9)).toBe(150);
  });
});

describe("roles", () => {
  test("the demo car tells where it is", () => {
    const { distance, position } = rolesOf(car);
    expect(distance?.parameter.name).toBe("sLap");
    expect(distance?.isInLap).toBe(true);
    expect(rolesOf(parametersOf({ id: "Distance" })).distance?.isInLap).toBe(false);
    expect([position?.kind, position?.across.name, position?.along.name]).toEqual(["plane", "xCar", "yCar"]);
  });

  test.each([
    ["plain names", ["Lat", "Lon", "Distance"], ["degrees", "Lon", "Lat", "Distance"]],
    [
      "loggers' names",
      ["GPS_Longitude", "GPS_Latitude", "LapDist"],
      ["degrees", "GPS_Longitude", "GPS_Latitude", "LapDist"],
    ],
    [
      "plane coordinates first",
      ["NGPSLat", "NGPSLong", "posX", "posY"],
      ["plane", "posX", "posY", undefined],
    ],
    [
      "a coordinate alone is no place",
      ["xCar", "Longitude", "gLat", "gLong", "aLat", "aLong"],
      [undefined, undefined, undefined, undefined],
    ],
    ["nothing", ["vCar"], [undefined, undefined, undefined, undefined]],
  ])("%s", (_title, given, [kind, across, along, distance]) => {
    const roles = rolesOf(parametersOf(...given.map((id) => ({ id }))));
    expect(roles.position?.kind).toBe(kind);
    expect(roles.position?.across.name).toBe(across);
    expect(roles.position?.along.name).toBe(along);
    expect(roles.distance?.parameter.name).toBe(distance);
  });

  test("what has another unit or no channel is no distance", () => {
    expect(rolesOf(parametersOf({ id: "sLap", unit: "s" })).distance).toBeNull();
    expect(rolesOf(parametersOf({ id: "sLap", channels: [] })).distance).toBeNull();
    expect(
      rolesOf(parametersOf({ id: "s1", desc: "Distance in the lap", unit: "m" })).distance?.parameter.name,
    ).toBe("s1");
  });
});
