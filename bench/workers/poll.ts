/** What the floor and the naive Worker have in common: reading a stream through the gateway, at a fixed interval. */

export interface Backend {
  readonly UPSTASH_REDIS_REST_URL: string;
  readonly UPSTASH_REDIS_REST_TOKEN: string;
}

export interface Entry {
  readonly data: Uint8Array;
  readonly small: Uint8Array | undefined;
}

type Fields = readonly string[];
type RangeReply = readonly (readonly [string, Fields])[];

/**
 * The entries behind `cursor`; with the cursor `$`, none, and the cursor of the stream's end. By XRANGE, so that Redis's
 * counts of commands tell these reads from those of the service.
 */
export async function readEntries(
  { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token }: Backend,
  stream: string,
  cursor: string,
): Promise<{ entries: Entry[]; cursor: string }> {
  const key = `stream:${stream}`;
  const isFirst = cursor === "$";
  const command = isFirst
    ? ["XREVRANGE", key, "+", "-", "COUNT", "1"]
    : ["XRANGE", key, `(${cursor}`, "+", "COUNT", "100"];
  const response = await fetch(url, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Upstash-Encoding": "base64" },
    body: JSON.stringify(command),
  });
  const { result: rows } = (await response.json()) as { result: RangeReply };
  const last = rows.at(-1);
  const end = last ? atob(last[0]) : isFirst ? "0-0" : cursor;
  if (isFirst) return { entries: [], cursor: end };
  const entries = rows.map(([, fields]) => ({ data: field(fields, "data")!, small: field(fields, "small") }));
  return { entries, cursor: end };
}

function field(fields: Fields, name: string): Uint8Array | undefined {
  const at = fields.indexOf(btoa(name));
  return at < 0 ? undefined : Uint8Array.fromBase64(fields[at + 1]!);
}

/** Polls on a fixed schedule until `poll` answers false. */
export function pollForever(intervalMs: number, poll: () => Promise<boolean>): void {
  let dueMs = Date.now();
  const next = async (): Promise<void> => {
    if (!(await poll())) return;
    dueMs = Math.max(dueMs + intervalMs, Date.now());
    setTimeout(next, dueMs - Date.now());
  };
  void next();
}

export function upgrade(client: WebSocket): Response {
  const headers = { "Sec-WebSocket-Protocol": "mat.ocs.rta.stream-lz4" };
  return new Response(null, { status: 101, webSocket: client, headers });
}
