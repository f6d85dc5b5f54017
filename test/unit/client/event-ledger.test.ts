import { expect, test } from "vitest";
import { EventLedger } from "../../../src/client/event-ledger.ts";
import type { EventItem } from "../../../src/client/index.ts";

const event = (timeNs: bigint, statusText = ""): EventItem => ({
  definitionId: 1,
  appName: "app",
  timeNs,
  statusText,
  values: new Float64Array(),
});

test("[D-11] [L-05] equal events of one connection all count, those told again by the next do not", () => {
  const ledger = new EventLedger();
  expect([ledger.isNew(event(1n), "stream"), ledger.isNew(event(1n), "stream")]).toEqual([true, true]);
  ledger.restart("stream");
  expect([
    ledger.isNew(event(1n), "stream"),
    ledger.isNew(event(1n), "stream"),
    ledger.isNew(event(1n), "stream"),
  ]).toEqual([false, false, true]);
  expect(ledger.isNew(event(1n, "other"), "stream")).toBe(true);
});
