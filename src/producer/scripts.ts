/**
 * What is done in Redis, each step of it atomic. Arguments come packed (`packArguments`), since the one place for
 * bytes in a request over HTTP is its body.
 */
function script(lua: string): string {
  return `local unpack = table.unpack or unpack
local args, at = {}, 1
for length in string.gmatch(ARGV[1], "%d+") do
  args[#args + 1] = string.sub(ARGV[2], at, at + length - 1)
  at = at + length
end
${lua}`;
}

/** KEYS: hash of the session. args: names of fields. Returns their values. */
export const READ_FIELDS = script(`return redis.call("HMGET", KEYS[1], unpack(args))`);

/**
 * Gives a session a number and its place, unless its hash is no longer the one that was read.
 *
 * KEYS: hash of the session, lastStreamSessionId, streams, stream. args: id that the hash had (or nothing), name of the
 * stream, ms now, expiry in seconds, an id that the new one must be above. Returns id and position, or nil.
 */
export const ALLOCATE = script(`local expected, name, now, expiry, after = unpack(args)
if (redis.call("HGET", KEYS[1], "streamSessionId") or "") ~= expected then return false end
local id = redis.call("INCRBY", KEYS[2], 1)
if id <= tonumber(after) then id = redis.call("INCRBY", KEYS[2], after + 1 - id) end
id = string.format("%.0f", id)
redis.call("SADD", KEYS[3], name)
local position = "0-0"
if redis.call("EXISTS", KEYS[4]) == 1 then
  local info = redis.call("XINFO", "STREAM", KEYS[4])
  for i = 1, #info, 2 do
    if info[i] == "last-generated-id" then position = info[i + 1] end
  end
end
redis.call("DEL", KEYS[1])
redis.call("HSET", KEYS[1], "streamSessionId", id, "streamName", name, "streamPosition", position, "lastUpdated", now)
redis.call("EXPIRE", KEYS[1], expiry)
return {id, position}`);

/**
 * Writes entries with all that goes with them. `lastWrite` says which write of which producer came last, so that one
 * that is repeated, since nobody knows whether it arrived, happens once.
 *
 * KEYS: hash of the session, stream. args: stream session id, producer, number of the write, expiry in seconds, how
 * many arguments follow for the hash, these (names and values in turn), data of each entry. Returns "written";
 * "gone" when there is no such hash; "superseded" when it has another id.
 */
export const WRITE = script(`local id, producer, number, expiry, fields = unpack(args, 1, 5)
local owner, last = unpack(redis.call("HMGET", KEYS[1], "streamSessionId", "lastWrite"))
if not owner then return "gone" end
if owner ~= id then return "superseded" end
local by, count = string.match(last or "", "^(%S+) (%d+)$")
if by == producer and tonumber(count) >= tonumber(number) then return "written" end
local first = 6 + fields
redis.call("HSET", KEYS[1], unpack(args, 6, first - 1))
redis.call("EXPIRE", KEYS[1], expiry)
for i = first, #args do redis.call("XADD", KEYS[2], "*", "id", id, "data", args[i]) end
redis.call("HSET", KEYS[1], "lastWrite", producer .. " " .. number)
return "written"`);
