import { follow } from "../../client/index.ts";
import type { Finding } from "./finding.ts";
import { Probe } from "./probe.ts";
import type { RedisReader } from "./redis-reader.ts";
import { linkWords } from "./session-link.ts";

const CHECK = "viewer";
/** A viewer that has seen nothing by then sees nothing. */
const PATIENCE_MS = 15_000;

export interface ViewerTarget {
  readonly service: { readonly url: string; readonly token: string | undefined };
  readonly redis: { readonly url: string; readonly token: string | undefined };
  /** Null where Redis cannot be read. */
  readonly reader: RedisReader | null;
  /** A session to follow where none can be written. */
  readonly followed: string | undefined;
  readonly stop: AbortSignal;
}

/** Whether bytes come back as they were written, and a viewer sees what was written, and how soon. */
export async function* checkViewer(target: ViewerTarget): AsyncGenerator<Finding> {
  const probe = target.reader && (await Probe.open(target.redis, target.reader));
  if (probe === null) {
    yield await followOnly(target);
    return;
  }
  const enough = AbortSignal.any([target.stop, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    yield await probe.viewer(target.service, enough);
    yield await probe.exactness();
  } finally {
    await probe.remove();
  }
}

/** Any data that comes proves the way from Redis to a viewer, though not that it is right. */
async function followOnly({ service, followed, stop }: ViewerTarget): Promise<Finding> {
  if (followed === undefined) {
    const message = "Redis cannot be written to from here, and there is no session to follow";
    return { check: CHECK, status: "skip", message, advice: "name a live one: slipstream doctor IDENTITY" };
  }
  let words = `nothing came within ${PATIENCE_MS / 1000} s`;
  let isSeen = false;
  const following = follow(service.url, followed, {
    channels: "all",
    ...(service.token !== undefined && { token: service.token }),
    signal: AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)]),
    on: {
      samples: () => {
        isSeen = true;
        following.close();
      },
      link: (link) => {
        if ("cause" in link && link.cause !== "by-client") words = linkWords(link.cause);
      },
    },
  });
  await following.ended;
  if (!isSeen) {
    const message = `a viewer of "${followed}" sees no data: ${words}`;
    return { check: CHECK, status: "fail", message, advice: "`slipstream tail` tells more" };
  }
  const message = `a viewer of "${followed}" sees data; Redis cannot be written to from here, so that no bytes were compared`;
  return { check: CHECK, status: "ok", message };
}
