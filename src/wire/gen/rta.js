/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const rta = $root.rta = (() => {

    const rta = {};

    rta.model = (function() {

        const model = {};

        model.data = (function() {

            const data = {};

            data.Event = (function() {

                const Event = function (properties) {
                    this.rawData = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Event.prototype.eventDefinitionId = 0;
                Event.prototype.appName = "";
                Event.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                Event.prototype.statusText = "";
                Event.prototype.rawData = $util.emptyArray;

                Event.create = function(properties) {
                    return new Event(properties);
                };

                Event.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.eventDefinitionId != null && $Object.hasOwnProperty.call(message, "eventDefinitionId") && message.eventDefinitionId !== 0)
                        writer.uint32(8).int32(message.eventDefinitionId);
                    if (message.appName != null && $Object.hasOwnProperty.call(message, "appName") && message.appName !== "")
                        writer.uint32(18).string(message.appName);
                    if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                        writer.uint32(25).sfixed64(message.timestamp);
                    if (message.statusText != null && $Object.hasOwnProperty.call(message, "statusText") && message.statusText !== "")
                        writer.uint32(34).string(message.statusText);
                    if (message.rawData != null && message.rawData.length)
                        writer.uint32(42).doubles(message.rawData);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Event.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.Event();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.int32())
                                    message.eventDefinitionId = value;
                                else
                                    delete message.eventDefinitionId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.appName = value;
                                else
                                    delete message.appName;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 1)
                                    break;
                                if (typeof (value = reader.sfixed64()) === "object" ? value.low || value.high : value !== 0)
                                    message.timestamp = value;
                                else
                                    delete message.timestamp;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.stringVerify()).length)
                                    message.statusText = value;
                                else
                                    delete message.statusText;
                                continue;
                            }
                        case 5: {
                                if (wireType === 2) {
                                    if (!(message.rawData && message.rawData.length))
                                        message.rawData = [];
                                    reader.doubles(message.rawData);
                                    continue;
                                }
                                if (wireType !== 1)
                                    break;
                                if (!(message.rawData && message.rawData.length))
                                    message.rawData = [];
                                message.rawData.push(reader.double());
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Event;
            })();

            data.RowData = (function() {

                const RowData = function (properties) {
                    this.channelIds = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RowData.prototype.channelIds = $util.emptyArray;
                RowData.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                RowData.prototype.buffer = $util.newBuffer([]);

                RowData.create = function(properties) {
                    return new RowData(properties);
                };

                RowData.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.channelIds != null && message.channelIds.length)
                        writer.uint32(10).uint32s(message.channelIds);
                    if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                        writer.uint32(17).sfixed64(message.timestamp);
                    if (message.buffer != null && $Object.hasOwnProperty.call(message, "buffer") && message.buffer.length)
                        writer.uint32(26).bytes(message.buffer);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RowData.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.RowData();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType === 2) {
                                    if (!(message.channelIds && message.channelIds.length))
                                        message.channelIds = [];
                                    reader.uint32s(message.channelIds);
                                    continue;
                                }
                                if (wireType !== 0)
                                    break;
                                if (!(message.channelIds && message.channelIds.length))
                                    message.channelIds = [];
                                message.channelIds.push(reader.uint32());
                                continue;
                            }
                        case 2: {
                                if (wireType !== 1)
                                    break;
                                if (typeof (value = reader.sfixed64()) === "object" ? value.low || value.high : value !== 0)
                                    message.timestamp = value;
                                else
                                    delete message.timestamp;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.buffer = value;
                                else
                                    delete message.buffer;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RowData;
            })();

            data.PeriodicData = (function() {

                const PeriodicData = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                PeriodicData.prototype.channelId = 0;
                PeriodicData.prototype.startTimestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                PeriodicData.prototype.interval = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                PeriodicData.prototype.samples = 0;
                PeriodicData.prototype.buffer = $util.newBuffer([]);

                PeriodicData.create = function(properties) {
                    return new PeriodicData(properties);
                };

                PeriodicData.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.channelId != null && $Object.hasOwnProperty.call(message, "channelId") && message.channelId !== 0)
                        writer.uint32(8).uint32(message.channelId);
                    if (message.startTimestamp != null && $Object.hasOwnProperty.call(message, "startTimestamp") && (typeof message.startTimestamp === "object" ? message.startTimestamp.low || message.startTimestamp.high : message.startTimestamp !== 0))
                        writer.uint32(17).sfixed64(message.startTimestamp);
                    if (message.interval != null && $Object.hasOwnProperty.call(message, "interval") && (typeof message.interval === "object" ? message.interval.low || message.interval.high : message.interval !== 0))
                        writer.uint32(24).int64(message.interval);
                    if (message.samples != null && $Object.hasOwnProperty.call(message, "samples") && message.samples !== 0)
                        writer.uint32(32).int32(message.samples);
                    if (message.buffer != null && $Object.hasOwnProperty.call(message, "buffer") && message.buffer.length)
                        writer.uint32(42).bytes(message.buffer);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                PeriodicData.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.PeriodicData();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.channelId = value;
                                else
                                    delete message.channelId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 1)
                                    break;
                                if (typeof (value = reader.sfixed64()) === "object" ? value.low || value.high : value !== 0)
                                    message.startTimestamp = value;
                                else
                                    delete message.startTimestamp;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.interval = value;
                                else
                                    delete message.interval;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.int32())
                                    message.samples = value;
                                else
                                    delete message.samples;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.buffer = value;
                                else
                                    delete message.buffer;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeriodicData;
            })();

            data.TimestampedData = (function() {

                const TimestampedData = function (properties) {
                    this.timestampDeltas = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                TimestampedData.prototype.channelId = 0;
                TimestampedData.prototype.startTimestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                TimestampedData.prototype.timestampDeltasScale = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                TimestampedData.prototype.timestampDeltas = $util.emptyArray;
                TimestampedData.prototype.buffer = $util.newBuffer([]);

                TimestampedData.create = function(properties) {
                    return new TimestampedData(properties);
                };

                TimestampedData.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.channelId != null && $Object.hasOwnProperty.call(message, "channelId") && message.channelId !== 0)
                        writer.uint32(8).uint32(message.channelId);
                    if (message.startTimestamp != null && $Object.hasOwnProperty.call(message, "startTimestamp") && (typeof message.startTimestamp === "object" ? message.startTimestamp.low || message.startTimestamp.high : message.startTimestamp !== 0))
                        writer.uint32(17).sfixed64(message.startTimestamp);
                    if (message.timestampDeltasScale != null && $Object.hasOwnProperty.call(message, "timestampDeltasScale") && (typeof message.timestampDeltasScale === "object" ? message.timestampDeltasScale.low || message.timestampDeltasScale.high : message.timestampDeltasScale !== 0))
                        writer.uint32(24).int64(message.timestampDeltasScale);
                    if (message.timestampDeltas != null && message.timestampDeltas.length)
                        writer.uint32(34).int64s(message.timestampDeltas);
                    if (message.buffer != null && $Object.hasOwnProperty.call(message, "buffer") && message.buffer.length)
                        writer.uint32(42).bytes(message.buffer);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                TimestampedData.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.TimestampedData();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    break;
                                if (value = reader.uint32())
                                    message.channelId = value;
                                else
                                    delete message.channelId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 1)
                                    break;
                                if (typeof (value = reader.sfixed64()) === "object" ? value.low || value.high : value !== 0)
                                    message.startTimestamp = value;
                                else
                                    delete message.startTimestamp;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    break;
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.timestampDeltasScale = value;
                                else
                                    delete message.timestampDeltasScale;
                                continue;
                            }
                        case 4: {
                                if (wireType === 2) {
                                    if (!(message.timestampDeltas && message.timestampDeltas.length))
                                        message.timestampDeltas = [];
                                    reader.int64s(message.timestampDeltas);
                                    continue;
                                }
                                if (wireType !== 0)
                                    break;
                                if (!(message.timestampDeltas && message.timestampDeltas.length))
                                    message.timestampDeltas = [];
                                message.timestampDeltas.push(reader.int64());
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    break;
                                if ((value = reader.bytes()).length)
                                    message.buffer = value;
                                else
                                    delete message.buffer;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return TimestampedData;
            })();

            data.EventsList = (function() {

                const EventsList = function (properties) {
                    this.events = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                EventsList.prototype.events = $util.emptyArray;

                EventsList.create = function(properties) {
                    return new EventsList(properties);
                };

                EventsList.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.events != null && message.events.length)
                        for (let i = 0; i < message.events.length; ++i)
                            $root.rta.model.data.Event.encode(message.events[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                EventsList.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.EventsList();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.events && message.events.length))
                                    message.events = [];
                                message.events.push($root.rta.model.data.Event.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return EventsList;
            })();

            data.RowDataList = (function() {

                const RowDataList = function (properties) {
                    this.rowData = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RowDataList.prototype.rowData = $util.emptyArray;

                RowDataList.create = function(properties) {
                    return new RowDataList(properties);
                };

                RowDataList.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.rowData != null && message.rowData.length)
                        for (let i = 0; i < message.rowData.length; ++i)
                            $root.rta.model.data.RowData.encode(message.rowData[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RowDataList.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.RowDataList();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.rowData && message.rowData.length))
                                    message.rowData = [];
                                message.rowData.push($root.rta.model.data.RowData.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RowDataList;
            })();

            data.PeriodicDataList = (function() {

                const PeriodicDataList = function (properties) {
                    this.periodicData = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                PeriodicDataList.prototype.periodicData = $util.emptyArray;

                PeriodicDataList.create = function(properties) {
                    return new PeriodicDataList(properties);
                };

                PeriodicDataList.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.periodicData != null && message.periodicData.length)
                        for (let i = 0; i < message.periodicData.length; ++i)
                            $root.rta.model.data.PeriodicData.encode(message.periodicData[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                PeriodicDataList.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.PeriodicDataList();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.periodicData && message.periodicData.length))
                                    message.periodicData = [];
                                message.periodicData.push($root.rta.model.data.PeriodicData.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeriodicDataList;
            })();

            data.TimestampedDataList = (function() {

                const TimestampedDataList = function (properties) {
                    this.timestampedData = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                TimestampedDataList.prototype.timestampedData = $util.emptyArray;

                TimestampedDataList.create = function(properties) {
                    return new TimestampedDataList(properties);
                };

                TimestampedDataList.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.timestampedData != null && message.timestampedData.length)
                        for (let i = 0; i < message.timestampedData.length; ++i)
                            $root.rta.model.data.TimestampedData.encode(message.timestampedData[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                TimestampedDataList.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.rta.model.data.TimestampedDataList();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    break;
                                if (!(message.timestampedData && message.timestampedData.length))
                                    message.timestampedData = [];
                                message.timestampedData.push($root.rta.model.data.TimestampedData.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return TimestampedDataList;
            })();

            return data;
        })();

        model.net = (function() {

            const net = {};

            net.chunks = (function() {

                const chunks = {};

                chunks.ChunkTransferHeader = (function() {

                    const ChunkTransferHeader = function (properties) {
                        this.channelIds = [];
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    ChunkTransferHeader.prototype.chunkStartTimeDelta = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                    ChunkTransferHeader.prototype.chunkDurationDelta = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                    ChunkTransferHeader.prototype.channelIds = $util.emptyArray;
                    ChunkTransferHeader.prototype.compressionDelta = 0;
                    ChunkTransferHeader.prototype.unpackedLength = 0;
                    ChunkTransferHeader.prototype.packedLength = 0;

                    ChunkTransferHeader.create = function(properties) {
                        return new ChunkTransferHeader(properties);
                    };

                    ChunkTransferHeader.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.chunkStartTimeDelta != null && $Object.hasOwnProperty.call(message, "chunkStartTimeDelta") && (typeof message.chunkStartTimeDelta === "object" ? message.chunkStartTimeDelta.low || message.chunkStartTimeDelta.high : message.chunkStartTimeDelta !== 0))
                            writer.uint32(8).sint64(message.chunkStartTimeDelta);
                        if (message.chunkDurationDelta != null && $Object.hasOwnProperty.call(message, "chunkDurationDelta") && (typeof message.chunkDurationDelta === "object" ? message.chunkDurationDelta.low || message.chunkDurationDelta.high : message.chunkDurationDelta !== 0))
                            writer.uint32(16).sint64(message.chunkDurationDelta);
                        if (message.channelIds != null && message.channelIds.length)
                            writer.uint32(26).uint32s(message.channelIds);
                        if (message.compressionDelta != null && $Object.hasOwnProperty.call(message, "compressionDelta") && message.compressionDelta !== 0)
                            writer.uint32(32).int32(message.compressionDelta);
                        if (message.unpackedLength != null && $Object.hasOwnProperty.call(message, "unpackedLength") && message.unpackedLength !== 0)
                            writer.uint32(40).int32(message.unpackedLength);
                        if (message.packedLength != null && $Object.hasOwnProperty.call(message, "packedLength") && message.packedLength !== 0)
                            writer.uint32(48).int32(message.packedLength);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    ChunkTransferHeader.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message, value;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.rta.model.net.chunks.ChunkTransferHeader();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 1: {
                                    if (wireType !== 0)
                                        break;
                                    if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                        message.chunkStartTimeDelta = value;
                                    else
                                        delete message.chunkStartTimeDelta;
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 0)
                                        break;
                                    if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                        message.chunkDurationDelta = value;
                                    else
                                        delete message.chunkDurationDelta;
                                    continue;
                                }
                            case 3: {
                                    if (wireType === 2) {
                                        if (!(message.channelIds && message.channelIds.length))
                                            message.channelIds = [];
                                        reader.uint32s(message.channelIds);
                                        continue;
                                    }
                                    if (wireType !== 0)
                                        break;
                                    if (!(message.channelIds && message.channelIds.length))
                                        message.channelIds = [];
                                    message.channelIds.push(reader.uint32());
                                    continue;
                                }
                            case 4: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.int32())
                                        message.compressionDelta = value;
                                    else
                                        delete message.compressionDelta;
                                    continue;
                                }
                            case 5: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.int32())
                                        message.unpackedLength = value;
                                    else
                                        delete message.unpackedLength;
                                    continue;
                                }
                            case 6: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.int32())
                                        message.packedLength = value;
                                    else
                                        delete message.packedLength;
                                    continue;
                                }
                            }
                            reader.skipType(wireType, _depth, tag);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return ChunkTransferHeader;
                })();

                return chunks;
            })();

            net.stream = (function() {

                const stream = {};

                stream.StreamSubscription = (function() {

                    const StreamSubscription = function (properties) {
                        this.dataChannelIds = [];
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    StreamSubscription.prototype.allEvents = false;
                    StreamSubscription.prototype.allDataChannels = false;
                    StreamSubscription.prototype.dataChannelIds = $util.emptyArray;

                    StreamSubscription.create = function(properties) {
                        return new StreamSubscription(properties);
                    };

                    StreamSubscription.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.allEvents != null && $Object.hasOwnProperty.call(message, "allEvents") && message.allEvents !== false)
                            writer.uint32(8).bool(message.allEvents);
                        if (message.allDataChannels != null && $Object.hasOwnProperty.call(message, "allDataChannels") && message.allDataChannels !== false)
                            writer.uint32(16).bool(message.allDataChannels);
                        if (message.dataChannelIds != null && message.dataChannelIds.length)
                            writer.uint32(26).uint32s(message.dataChannelIds);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    StreamSubscription.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message, value;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.rta.model.net.stream.StreamSubscription();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 1: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.bool())
                                        message.allEvents = value;
                                    else
                                        delete message.allEvents;
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.bool())
                                        message.allDataChannels = value;
                                    else
                                        delete message.allDataChannels;
                                    continue;
                                }
                            case 3: {
                                    if (wireType === 2) {
                                        if (!(message.dataChannelIds && message.dataChannelIds.length))
                                            message.dataChannelIds = [];
                                        reader.uint32s(message.dataChannelIds);
                                        continue;
                                    }
                                    if (wireType !== 0)
                                        break;
                                    if (!(message.dataChannelIds && message.dataChannelIds.length))
                                        message.dataChannelIds = [];
                                    message.dataChannelIds.push(reader.uint32());
                                    continue;
                                }
                            }
                            reader.skipType(wireType, _depth, tag);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return StreamSubscription;
                })();

                stream.StreamRequest = (function() {

                    const StreamRequest = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    StreamRequest.prototype.subscribe = null;

                    let $oneOfFields;

                    $Object.defineProperty(StreamRequest.prototype, "option", {
                        get: $util.oneOfGetter($oneOfFields = ["subscribe"]),
                        set: $util.oneOfSetter($oneOfFields)
                    });

                    StreamRequest.create = function(properties) {
                        return new StreamRequest(properties);
                    };

                    StreamRequest.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.subscribe != null && $Object.hasOwnProperty.call(message, "subscribe"))
                            $root.rta.model.net.stream.StreamSubscription.encode(message.subscribe, writer.uint32(18).fork(), _depth + 1).ldelim();
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    StreamRequest.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.rta.model.net.stream.StreamRequest();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    message.subscribe = $root.rta.model.net.stream.StreamSubscription.decode(reader, reader.size(), $undefined, _depth + 1, message.subscribe);
                                    message.option = "subscribe";
                                    continue;
                                }
                            }
                            reader.skipType(wireType, _depth, tag);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return StreamRequest;
                })();

                stream.StreamTimeRange = (function() {

                    const StreamTimeRange = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    StreamTimeRange.prototype.startTime = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                    StreamTimeRange.prototype.endTime = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                    StreamTimeRange.create = function(properties) {
                        return new StreamTimeRange(properties);
                    };

                    StreamTimeRange.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.startTime != null && $Object.hasOwnProperty.call(message, "startTime") && (typeof message.startTime === "object" ? message.startTime.low || message.startTime.high : message.startTime !== 0))
                            writer.uint32(9).sfixed64(message.startTime);
                        if (message.endTime != null && $Object.hasOwnProperty.call(message, "endTime") && (typeof message.endTime === "object" ? message.endTime.low || message.endTime.high : message.endTime !== 0))
                            writer.uint32(17).sfixed64(message.endTime);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    StreamTimeRange.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message, value;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.rta.model.net.stream.StreamTimeRange();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 1: {
                                    if (wireType !== 1)
                                        break;
                                    if (typeof (value = reader.sfixed64()) === "object" ? value.low || value.high : value !== 0)
                                        message.startTime = value;
                                    else
                                        delete message.startTime;
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 1)
                                        break;
                                    if (typeof (value = reader.sfixed64()) === "object" ? value.low || value.high : value !== 0)
                                        message.endTime = value;
                                    else
                                        delete message.endTime;
                                    continue;
                                }
                            }
                            reader.skipType(wireType, _depth, tag);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return StreamTimeRange;
                })();

                stream.StreamData = (function() {

                    const StreamData = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    StreamData.prototype.sessionJson = null;
                    StreamData.prototype.timeRange = null;
                    StreamData.prototype.timestampedData = null;
                    StreamData.prototype.periodicData = null;
                    StreamData.prototype.rowData = null;
                    StreamData.prototype.event = null;

                    let $oneOfFields;

                    $Object.defineProperty(StreamData.prototype, "data", {
                        get: $util.oneOfGetter($oneOfFields = ["sessionJson", "timeRange", "timestampedData", "periodicData", "rowData", "event"]),
                        set: $util.oneOfSetter($oneOfFields)
                    });

                    StreamData.create = function(properties) {
                        return new StreamData(properties);
                    };

                    StreamData.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.sessionJson != null && $Object.hasOwnProperty.call(message, "sessionJson"))
                            writer.uint32(18).string(message.sessionJson);
                        if (message.timeRange != null && $Object.hasOwnProperty.call(message, "timeRange"))
                            $root.rta.model.net.stream.StreamTimeRange.encode(message.timeRange, writer.uint32(26).fork(), _depth + 1).ldelim();
                        if (message.timestampedData != null && $Object.hasOwnProperty.call(message, "timestampedData"))
                            $root.rta.model.data.TimestampedData.encode(message.timestampedData, writer.uint32(34).fork(), _depth + 1).ldelim();
                        if (message.periodicData != null && $Object.hasOwnProperty.call(message, "periodicData"))
                            $root.rta.model.data.PeriodicData.encode(message.periodicData, writer.uint32(42).fork(), _depth + 1).ldelim();
                        if (message.rowData != null && $Object.hasOwnProperty.call(message, "rowData"))
                            $root.rta.model.data.RowData.encode(message.rowData, writer.uint32(50).fork(), _depth + 1).ldelim();
                        if (message.event != null && $Object.hasOwnProperty.call(message, "event"))
                            $root.rta.model.data.Event.encode(message.event, writer.uint32(58).fork(), _depth + 1).ldelim();
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    StreamData.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.rta.model.net.stream.StreamData();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    message.sessionJson = reader.stringVerify();
                                    message.data = "sessionJson";
                                    continue;
                                }
                            case 3: {
                                    if (wireType !== 2)
                                        break;
                                    message.timeRange = $root.rta.model.net.stream.StreamTimeRange.decode(reader, reader.size(), $undefined, _depth + 1, message.timeRange);
                                    message.data = "timeRange";
                                    continue;
                                }
                            case 4: {
                                    if (wireType !== 2)
                                        break;
                                    message.timestampedData = $root.rta.model.data.TimestampedData.decode(reader, reader.size(), $undefined, _depth + 1, message.timestampedData);
                                    message.data = "timestampedData";
                                    continue;
                                }
                            case 5: {
                                    if (wireType !== 2)
                                        break;
                                    message.periodicData = $root.rta.model.data.PeriodicData.decode(reader, reader.size(), $undefined, _depth + 1, message.periodicData);
                                    message.data = "periodicData";
                                    continue;
                                }
                            case 6: {
                                    if (wireType !== 2)
                                        break;
                                    message.rowData = $root.rta.model.data.RowData.decode(reader, reader.size(), $undefined, _depth + 1, message.rowData);
                                    message.data = "rowData";
                                    continue;
                                }
                            case 7: {
                                    if (wireType !== 2)
                                        break;
                                    message.event = $root.rta.model.data.Event.decode(reader, reader.size(), $undefined, _depth + 1, message.event);
                                    message.data = "event";
                                    continue;
                                }
                            }
                            reader.skipType(wireType, _depth, tag);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return StreamData;
                })();

                stream.StreamDataBurst = (function() {

                    const StreamDataBurst = function (properties) {
                        this.data = [];
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    StreamDataBurst.prototype.data = $util.emptyArray;

                    StreamDataBurst.create = function(properties) {
                        return new StreamDataBurst(properties);
                    };

                    StreamDataBurst.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.data != null && message.data.length)
                            for (let i = 0; i < message.data.length; ++i)
                                $root.rta.model.net.stream.StreamData.encode(message.data[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    StreamDataBurst.decode = function (reader, length, _end, _depth, _target) {
                        if (!(reader instanceof $Reader))
                            reader = $Reader.create(reader);
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $Reader.recursionLimit)
                            throw $Error("max depth exceeded");
                        let end, message;
                        if (length === $undefined)
                            end = reader.len;
                        else {
                            end = reader.pos + length;
                            if (end > reader.len)
                                throw $RangeError("index out of range");
                            length = reader.len;
                            reader.len = end;
                        }
                        message = _target || new $root.rta.model.net.stream.StreamDataBurst();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 1: {
                                    if (wireType !== 2)
                                        break;
                                    if (!(message.data && message.data.length))
                                        message.data = [];
                                    message.data.push($root.rta.model.net.stream.StreamData.decode(reader, reader.size(), $undefined, _depth + 1));
                                    continue;
                                }
                            }
                            reader.skipType(wireType, _depth, tag);
                            if (!reader.discardUnknown) {
                                $util.makeProp(message, "$unknowns", false);
                                (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                            }
                        }
                        if (length !== $undefined) {
                            if (reader.pos !== end)
                                throw $RangeError("index out of range");
                            reader.len = length;
                        }
                        if (_end !== $undefined)
                            throw $Error("missing end group");
                        return message;
                    };

                    return StreamDataBurst;
                })();

                return stream;
            })();

            return net;
        })();

        return model;
    })();

    return rta;
})();

export {
  $root as default
};
