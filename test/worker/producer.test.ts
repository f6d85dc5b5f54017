import { expect, inject, test } from "vitest";
import { BatchWriter, connectGateway, openSession } from "../../src/producer/portable.ts";
import { eventually, TestViewer } from "./viewer.ts";

test("[K-04] a Worker writes a session over HTTP, and a viewer follows it", async () => {
  const redis = await connectGateway({ url: inject("gatewayUrl"), token: inject("gatewayToken") });
  await using session = await openSession({ redis, identity: "from-a-worker", streamName: "from-a-worker" });
  await session.writeSessionJson('{"identity":"from-a-worker","state":"open"}');
  const batch = new BatchWriter(session, {
    channels: [{ id: 5, type: "f64", source: "periodic", intervalNs: 1n }],
  });
  batch.appendPeriodic(5, 0n, [1, 2, 3]);
  await batch.flush();
  const viewer = await TestViewer.join("from-a-worker");
  viewer.subscribe({ allDataChannels: true });
  await eventually(() => expect(viewer.items().some(({ periodicData }) => periodicData)).toBe(true));
  await batch.close();
  await eventually(() => expect(viewer.closed?.code).toBe(1000));
});
