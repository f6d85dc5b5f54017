"""A peer of another make: protobuf, LZ4 and Redis by the Python libraries that Debian ships.

usage: peer.py MODULES read REDIS_URL IDENTITY     prints what Redis holds of a session
       peer.py MODULES write REDIS_URL             writes the session that stdin describes
       peer.py MODULES burst                       reads bursts, one a line, as hexadecimal LZ4 blocks

MODULES is the folder of what protoc made. An item is printed as an object of its kind and of what it says: times as
texts, since JSON numbers are doubles elsewhere, and bytes as hexadecimal.
"""

import json
import sys

import lz4.block
import redis

sys.path.insert(0, sys.argv[1])
import model_data_pb2  # noqa: E402  (made by protoc, found through the line above)
import net_stream_pb2  # noqa: E402

MAX_BURST_BYTES = 1024 * 1024


def describe(item):
    kind = item.WhichOneof("data")
    if kind is None:
        return {"kind": "unknown"}
    value = getattr(item, kind)
    if kind == "session_json":
        return {"kind": "sessionJson", "json": value}
    if kind == "time_range":
        return {"kind": "timeRange", "range": [str(value.start_time), str(value.end_time)]}
    if kind == "event":
        told = {"definition": value.event_definition_id, "app": value.app_name, "text": value.status_text}
        return {"kind": kind, "time": str(value.timestamp), "values": list(value.raw_data), **told}
    if kind == "row_data":
        told = {"channels": list(value.channel_ids), "data": value.buffer.hex()}
        return {"kind": "row", "time": str(value.timestamp), **told}
    times = [value.start_timestamp]
    if kind == "periodic_data":
        times = [value.start_timestamp + index * value.interval for index in range(value.samples)]
    else:
        for delta in value.timestamp_deltas[1:]:
            times.append(times[-1] + delta * value.timestamp_deltas_scale)
    told = {"channel": value.channel_id, "data": value.buffer.hex()}
    return {"kind": kind.removesuffix("_data"), "times": [str(time) for time in times], **told}


def make(told):
    item = net_stream_pb2.StreamData()
    kind = told["kind"]
    if kind == "sessionJson":
        item.session_json = told["json"]
    elif kind == "timeRange":
        item.time_range.start_time, item.time_range.end_time = map(int, told["range"])
    elif kind == "event":
        item.event.event_definition_id = told["definition"]
        item.event.app_name = told["app"]
        item.event.status_text = told["text"]
        item.event.timestamp = int(told["time"])
        item.event.raw_data.extend(told["values"])
    elif kind == "row":
        item.row_data.channel_ids.extend(told["channels"])
        item.row_data.timestamp = int(told["time"])
        item.row_data.buffer = bytes.fromhex(told["data"])
    else:
        run = item.periodic_data if kind == "periodic" else item.timestamped_data
        times = [int(time) for time in told["times"]]
        steps = [time - before for before, time in zip(times, times[1:])]
        run.channel_id = told["channel"]
        run.start_timestamp = times[0]
        run.buffer = bytes.fromhex(told["data"])
        if kind == "periodic":
            run.interval = steps[0]
            run.samples = len(times)
        else:
            run.timestamp_deltas_scale = 1
            run.timestamp_deltas.extend([0, *steps])
    return item


def unpack(block):
    return lz4.block.decompress(block, uncompressed_size=MAX_BURST_BYTES)


def items_of(data):
    return [describe(item) for item in net_stream_pb2.StreamDataBurst.FromString(data).data]


def read(url, identity):
    connection = redis.from_url(url)
    entry = {name.decode(): value.decode() for name, value in connection.hgetall("sessions:" + identity).items()}
    stream = "stream:" + entry["streamName"]
    entries = [
        items_of(unpack(fields[b"data"]))
        for _, fields in connection.xrange(stream)
        if fields[b"id"].decode() == entry["streamSessionId"]
    ]
    return {"entry": entry, "entries": entries}


def write(url):
    told = json.load(sys.stdin)
    connection = redis.from_url(url)
    key, name = "sessions:" + told["identity"], told["streamName"]
    number = connection.hget(key, "streamSessionId")
    if number is None:
        number = connection.incrby("lastStreamSessionId", 1)
        connection.sadd("streams", name)
        connection.hset(key, mapping={"streamSessionId": number, "streamName": name, "streamPosition": "0-0"})
    for burst in told["bursts"]:
        data = net_stream_pb2.StreamDataBurst(data=[make(item) for item in burst]).SerializeToString()
        fields = {"lastUpdated": 0}
        for item in burst:
            if item["kind"] == "sessionJson":
                fields["json"] = item["json"]
            elif item["kind"] == "timeRange":
                fields["tStart"], fields["tEnd"] = item["range"]
        connection.hset(key, mapping=fields)
        connection.xadd("stream:" + name, {"id": number, "data": lz4.block.compress(data, store_size=False)})
    return None


def burst():
    answers = []
    for line in sys.stdin:
        data = unpack(bytes.fromhex(line))
        again = net_stream_pb2.StreamDataBurst.FromString(data).SerializeToString()
        packed = lz4.block.compress(data, store_size=False)
        answers.append({"items": items_of(data), "again": again.hex(), "packed": packed.hex()})
    return answers


print(json.dumps({"read": read, "write": write, "burst": burst}[sys.argv[2]](*sys.argv[3:])))
