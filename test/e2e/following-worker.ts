import { createStore, follow } from "../../src/client/index.ts";

/** A Worker that follows a session itself: `?url=…&session=…&token=…&count=…`; answers with what its store has. */
export default {
  async fetch(request: Request): Promise<Response> {
    const {
      url = "",
      session = "",
      token = "",
      count,
    } = Object.fromEntries(new URL(request.url).searchParams);
    const store = createStore();
    const following = follow(url, session, { channels: [1], store, token });
    for await (const update of following) {
      if (update.kind === "samples" && store.series(1).count >= Number(count)) break;
    }
    const values = store
      .series(1)
      .spans()
      .flatMap((span) => [...span.values]);
    return Response.json({ cause: await following.ended, values });
  },
};
