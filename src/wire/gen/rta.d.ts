import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace rta. */
export namespace rta {

    /** Namespace model. */
    namespace model {

        /** Namespace data. */
        namespace data {

            /**
             * Properties of an Event.
             * @deprecated Use rta.model.data.Event.$Properties instead.
             */
            interface IEvent extends rta.model.data.Event.$Properties {
            }

            /** Represents an Event. */
            class Event {

                /**
                 * Constructs a new Event.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.Event.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Event eventDefinitionId. */
                eventDefinitionId: number;

                /** Event appName. */
                appName: string;

                /** Event timestamp. */
                timestamp: (number|Long);

                /** Event statusText. */
                statusText: string;

                /** Event rawData. */
                rawData: number[];

                /**
                 * Creates a new Event instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns Event instance
                 */
                static create(properties: rta.model.data.Event.$Shape): rta.model.data.Event & rta.model.data.Event.$Shape;
                static create(properties?: rta.model.data.Event.$Properties): rta.model.data.Event;

                /**
                 * Encodes the specified Event message. Does not implicitly {@link rta.model.data.Event.verify|verify} messages.
                 * @param message Event message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.Event.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an Event message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.Event & rta.model.data.Event.$Shape} Event
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.Event & rta.model.data.Event.$Shape;
            }

            namespace Event {

                /** Properties of an Event. */
                interface $Properties {

                    /** Event eventDefinitionId */
                    eventDefinitionId?: (number|null);

                    /** Event appName */
                    appName?: (string|null);

                    /** Event timestamp */
                    timestamp?: (number|Long|null);

                    /** Event statusText */
                    statusText?: (string|null);

                    /** Event rawData */
                    rawData?: (number[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an Event. */
                type $Shape = rta.model.data.Event.$Properties;
            }

            /**
             * Properties of a RowData.
             * @deprecated Use rta.model.data.RowData.$Properties instead.
             */
            interface IRowData extends rta.model.data.RowData.$Properties {
            }

            /** Represents a RowData. */
            class RowData {

                /**
                 * Constructs a new RowData.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.RowData.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RowData channelIds. */
                channelIds: number[];

                /** RowData timestamp. */
                timestamp: (number|Long);

                /** RowData buffer. */
                buffer: Uint8Array;

                /**
                 * Creates a new RowData instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RowData instance
                 */
                static create(properties: rta.model.data.RowData.$Shape): rta.model.data.RowData & rta.model.data.RowData.$Shape;
                static create(properties?: rta.model.data.RowData.$Properties): rta.model.data.RowData;

                /**
                 * Encodes the specified RowData message. Does not implicitly {@link rta.model.data.RowData.verify|verify} messages.
                 * @param message RowData message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.RowData.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RowData message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.RowData & rta.model.data.RowData.$Shape} RowData
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.RowData & rta.model.data.RowData.$Shape;
            }

            namespace RowData {

                /** Properties of a RowData. */
                interface $Properties {

                    /** RowData channelIds */
                    channelIds?: (number[]|null);

                    /** RowData timestamp */
                    timestamp?: (number|Long|null);

                    /** RowData buffer */
                    buffer?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RowData. */
                type $Shape = rta.model.data.RowData.$Properties;
            }

            /**
             * Properties of a PeriodicData.
             * @deprecated Use rta.model.data.PeriodicData.$Properties instead.
             */
            interface IPeriodicData extends rta.model.data.PeriodicData.$Properties {
            }

            /** Represents a PeriodicData. */
            class PeriodicData {

                /**
                 * Constructs a new PeriodicData.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.PeriodicData.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeriodicData channelId. */
                channelId: number;

                /** PeriodicData startTimestamp. */
                startTimestamp: (number|Long);

                /** PeriodicData interval. */
                interval: (number|Long);

                /** PeriodicData samples. */
                samples: number;

                /** PeriodicData buffer. */
                buffer: Uint8Array;

                /**
                 * Creates a new PeriodicData instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PeriodicData instance
                 */
                static create(properties: rta.model.data.PeriodicData.$Shape): rta.model.data.PeriodicData & rta.model.data.PeriodicData.$Shape;
                static create(properties?: rta.model.data.PeriodicData.$Properties): rta.model.data.PeriodicData;

                /**
                 * Encodes the specified PeriodicData message. Does not implicitly {@link rta.model.data.PeriodicData.verify|verify} messages.
                 * @param message PeriodicData message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.PeriodicData.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeriodicData message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.PeriodicData & rta.model.data.PeriodicData.$Shape} PeriodicData
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.PeriodicData & rta.model.data.PeriodicData.$Shape;
            }

            namespace PeriodicData {

                /** Properties of a PeriodicData. */
                interface $Properties {

                    /** PeriodicData channelId */
                    channelId?: (number|null);

                    /** PeriodicData startTimestamp */
                    startTimestamp?: (number|Long|null);

                    /** PeriodicData interval */
                    interval?: (number|Long|null);

                    /** PeriodicData samples */
                    samples?: (number|null);

                    /** PeriodicData buffer */
                    buffer?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeriodicData. */
                type $Shape = rta.model.data.PeriodicData.$Properties;
            }

            /**
             * Properties of a TimestampedData.
             * @deprecated Use rta.model.data.TimestampedData.$Properties instead.
             */
            interface ITimestampedData extends rta.model.data.TimestampedData.$Properties {
            }

            /** Represents a TimestampedData. */
            class TimestampedData {

                /**
                 * Constructs a new TimestampedData.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.TimestampedData.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** TimestampedData channelId. */
                channelId: number;

                /** TimestampedData startTimestamp. */
                startTimestamp: (number|Long);

                /** TimestampedData timestampDeltasScale. */
                timestampDeltasScale: (number|Long);

                /** TimestampedData timestampDeltas. */
                timestampDeltas: (number|Long)[];

                /** TimestampedData buffer. */
                buffer: Uint8Array;

                /**
                 * Creates a new TimestampedData instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns TimestampedData instance
                 */
                static create(properties: rta.model.data.TimestampedData.$Shape): rta.model.data.TimestampedData & rta.model.data.TimestampedData.$Shape;
                static create(properties?: rta.model.data.TimestampedData.$Properties): rta.model.data.TimestampedData;

                /**
                 * Encodes the specified TimestampedData message. Does not implicitly {@link rta.model.data.TimestampedData.verify|verify} messages.
                 * @param message TimestampedData message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.TimestampedData.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a TimestampedData message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.TimestampedData & rta.model.data.TimestampedData.$Shape} TimestampedData
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.TimestampedData & rta.model.data.TimestampedData.$Shape;
            }

            namespace TimestampedData {

                /** Properties of a TimestampedData. */
                interface $Properties {

                    /** TimestampedData channelId */
                    channelId?: (number|null);

                    /** TimestampedData startTimestamp */
                    startTimestamp?: (number|Long|null);

                    /** TimestampedData timestampDeltasScale */
                    timestampDeltasScale?: (number|Long|null);

                    /** TimestampedData timestampDeltas */
                    timestampDeltas?: ((number|Long)[]|null);

                    /** TimestampedData buffer */
                    buffer?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a TimestampedData. */
                type $Shape = rta.model.data.TimestampedData.$Properties;
            }

            /**
             * Properties of an EventsList.
             * @deprecated Use rta.model.data.EventsList.$Properties instead.
             */
            interface IEventsList extends rta.model.data.EventsList.$Properties {
            }

            /** Represents an EventsList. */
            class EventsList {

                /**
                 * Constructs a new EventsList.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.EventsList.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EventsList events. */
                events: rta.model.data.Event.$Properties[];

                /**
                 * Creates a new EventsList instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns EventsList instance
                 */
                static create(properties: rta.model.data.EventsList.$Shape): rta.model.data.EventsList & rta.model.data.EventsList.$Shape;
                static create(properties?: rta.model.data.EventsList.$Properties): rta.model.data.EventsList;

                /**
                 * Encodes the specified EventsList message. Does not implicitly {@link rta.model.data.EventsList.verify|verify} messages.
                 * @param message EventsList message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.EventsList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EventsList message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.EventsList & rta.model.data.EventsList.$Shape} EventsList
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.EventsList & rta.model.data.EventsList.$Shape;
            }

            namespace EventsList {

                /** Properties of an EventsList. */
                interface $Properties {

                    /** EventsList events */
                    events?: (rta.model.data.Event.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EventsList. */
                type $Shape = rta.model.data.EventsList.$Properties;
            }

            /**
             * Properties of a RowDataList.
             * @deprecated Use rta.model.data.RowDataList.$Properties instead.
             */
            interface IRowDataList extends rta.model.data.RowDataList.$Properties {
            }

            /** Represents a RowDataList. */
            class RowDataList {

                /**
                 * Constructs a new RowDataList.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.RowDataList.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RowDataList rowData. */
                rowData: rta.model.data.RowData.$Properties[];

                /**
                 * Creates a new RowDataList instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns RowDataList instance
                 */
                static create(properties: rta.model.data.RowDataList.$Shape): rta.model.data.RowDataList & rta.model.data.RowDataList.$Shape;
                static create(properties?: rta.model.data.RowDataList.$Properties): rta.model.data.RowDataList;

                /**
                 * Encodes the specified RowDataList message. Does not implicitly {@link rta.model.data.RowDataList.verify|verify} messages.
                 * @param message RowDataList message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.RowDataList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RowDataList message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.RowDataList & rta.model.data.RowDataList.$Shape} RowDataList
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.RowDataList & rta.model.data.RowDataList.$Shape;
            }

            namespace RowDataList {

                /** Properties of a RowDataList. */
                interface $Properties {

                    /** RowDataList rowData */
                    rowData?: (rta.model.data.RowData.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RowDataList. */
                type $Shape = rta.model.data.RowDataList.$Properties;
            }

            /**
             * Properties of a PeriodicDataList.
             * @deprecated Use rta.model.data.PeriodicDataList.$Properties instead.
             */
            interface IPeriodicDataList extends rta.model.data.PeriodicDataList.$Properties {
            }

            /** Represents a PeriodicDataList. */
            class PeriodicDataList {

                /**
                 * Constructs a new PeriodicDataList.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.PeriodicDataList.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeriodicDataList periodicData. */
                periodicData: rta.model.data.PeriodicData.$Properties[];

                /**
                 * Creates a new PeriodicDataList instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns PeriodicDataList instance
                 */
                static create(properties: rta.model.data.PeriodicDataList.$Shape): rta.model.data.PeriodicDataList & rta.model.data.PeriodicDataList.$Shape;
                static create(properties?: rta.model.data.PeriodicDataList.$Properties): rta.model.data.PeriodicDataList;

                /**
                 * Encodes the specified PeriodicDataList message. Does not implicitly {@link rta.model.data.PeriodicDataList.verify|verify} messages.
                 * @param message PeriodicDataList message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.PeriodicDataList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeriodicDataList message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.PeriodicDataList & rta.model.data.PeriodicDataList.$Shape} PeriodicDataList
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.PeriodicDataList & rta.model.data.PeriodicDataList.$Shape;
            }

            namespace PeriodicDataList {

                /** Properties of a PeriodicDataList. */
                interface $Properties {

                    /** PeriodicDataList periodicData */
                    periodicData?: (rta.model.data.PeriodicData.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeriodicDataList. */
                type $Shape = rta.model.data.PeriodicDataList.$Properties;
            }

            /**
             * Properties of a TimestampedDataList.
             * @deprecated Use rta.model.data.TimestampedDataList.$Properties instead.
             */
            interface ITimestampedDataList extends rta.model.data.TimestampedDataList.$Properties {
            }

            /** Represents a TimestampedDataList. */
            class TimestampedDataList {

                /**
                 * Constructs a new TimestampedDataList.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: rta.model.data.TimestampedDataList.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** TimestampedDataList timestampedData. */
                timestampedData: rta.model.data.TimestampedData.$Properties[];

                /**
                 * Creates a new TimestampedDataList instance using the specified properties.
                 * @param [properties] Properties to set
                 * @returns TimestampedDataList instance
                 */
                static create(properties: rta.model.data.TimestampedDataList.$Shape): rta.model.data.TimestampedDataList & rta.model.data.TimestampedDataList.$Shape;
                static create(properties?: rta.model.data.TimestampedDataList.$Properties): rta.model.data.TimestampedDataList;

                /**
                 * Encodes the specified TimestampedDataList message. Does not implicitly {@link rta.model.data.TimestampedDataList.verify|verify} messages.
                 * @param message TimestampedDataList message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: rta.model.data.TimestampedDataList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a TimestampedDataList message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {rta.model.data.TimestampedDataList & rta.model.data.TimestampedDataList.$Shape} TimestampedDataList
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.data.TimestampedDataList & rta.model.data.TimestampedDataList.$Shape;
            }

            namespace TimestampedDataList {

                /** Properties of a TimestampedDataList. */
                interface $Properties {

                    /** TimestampedDataList timestampedData */
                    timestampedData?: (rta.model.data.TimestampedData.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a TimestampedDataList. */
                type $Shape = rta.model.data.TimestampedDataList.$Properties;
            }
        }

        /** Namespace net. */
        namespace net {

            /** Namespace chunks. */
            namespace chunks {

                /**
                 * Properties of a ChunkTransferHeader.
                 * @deprecated Use rta.model.net.chunks.ChunkTransferHeader.$Properties instead.
                 */
                interface IChunkTransferHeader extends rta.model.net.chunks.ChunkTransferHeader.$Properties {
                }

                /** Represents a ChunkTransferHeader. */
                class ChunkTransferHeader {

                    /**
                     * Constructs a new ChunkTransferHeader.
                     * @param [properties] Properties to set
                     */
                    constructor(properties?: rta.model.net.chunks.ChunkTransferHeader.$Properties);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];

                    /** ChunkTransferHeader chunkStartTimeDelta. */
                    chunkStartTimeDelta: (number|Long);

                    /** ChunkTransferHeader chunkDurationDelta. */
                    chunkDurationDelta: (number|Long);

                    /** ChunkTransferHeader channelIds. */
                    channelIds: number[];

                    /** ChunkTransferHeader compressionDelta. */
                    compressionDelta: number;

                    /** ChunkTransferHeader unpackedLength. */
                    unpackedLength: number;

                    /** ChunkTransferHeader packedLength. */
                    packedLength: number;

                    /**
                     * Creates a new ChunkTransferHeader instance using the specified properties.
                     * @param [properties] Properties to set
                     * @returns ChunkTransferHeader instance
                     */
                    static create(properties: rta.model.net.chunks.ChunkTransferHeader.$Shape): rta.model.net.chunks.ChunkTransferHeader & rta.model.net.chunks.ChunkTransferHeader.$Shape;
                    static create(properties?: rta.model.net.chunks.ChunkTransferHeader.$Properties): rta.model.net.chunks.ChunkTransferHeader;

                    /**
                     * Encodes the specified ChunkTransferHeader message. Does not implicitly {@link rta.model.net.chunks.ChunkTransferHeader.verify|verify} messages.
                     * @param message ChunkTransferHeader message or plain object to encode
                     * @param [writer] Writer to encode to
                     * @returns Writer
                     */
                    static encode(message: rta.model.net.chunks.ChunkTransferHeader.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                    /**
                     * Decodes a ChunkTransferHeader message from the specified reader or buffer.
                     * @param reader Reader or buffer to decode from
                     * @param [length] Message length if known beforehand
                     * @returns {rta.model.net.chunks.ChunkTransferHeader & rta.model.net.chunks.ChunkTransferHeader.$Shape} ChunkTransferHeader
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.net.chunks.ChunkTransferHeader & rta.model.net.chunks.ChunkTransferHeader.$Shape;
                }

                namespace ChunkTransferHeader {

                    /** Properties of a ChunkTransferHeader. */
                    interface $Properties {

                        /** ChunkTransferHeader chunkStartTimeDelta */
                        chunkStartTimeDelta?: (number|Long|null);

                        /** ChunkTransferHeader chunkDurationDelta */
                        chunkDurationDelta?: (number|Long|null);

                        /** ChunkTransferHeader channelIds */
                        channelIds?: (number[]|null);

                        /** ChunkTransferHeader compressionDelta */
                        compressionDelta?: (number|null);

                        /** ChunkTransferHeader unpackedLength */
                        unpackedLength?: (number|null);

                        /** ChunkTransferHeader packedLength */
                        packedLength?: (number|null);

                        /** Unknown fields preserved while decoding when enabled */
                        $unknowns?: Uint8Array[];
                    }

                    /** Shape of a ChunkTransferHeader. */
                    type $Shape = rta.model.net.chunks.ChunkTransferHeader.$Properties;
                }
            }

            /** Namespace stream. */
            namespace stream {

                /**
                 * Properties of a StreamSubscription.
                 * @deprecated Use rta.model.net.stream.StreamSubscription.$Properties instead.
                 */
                interface IStreamSubscription extends rta.model.net.stream.StreamSubscription.$Properties {
                }

                /** Represents a StreamSubscription. */
                class StreamSubscription {

                    /**
                     * Constructs a new StreamSubscription.
                     * @param [properties] Properties to set
                     */
                    constructor(properties?: rta.model.net.stream.StreamSubscription.$Properties);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];

                    /** StreamSubscription allEvents. */
                    allEvents: boolean;

                    /** StreamSubscription allDataChannels. */
                    allDataChannels: boolean;

                    /** StreamSubscription dataChannelIds. */
                    dataChannelIds: number[];

                    /**
                     * Creates a new StreamSubscription instance using the specified properties.
                     * @param [properties] Properties to set
                     * @returns StreamSubscription instance
                     */
                    static create(properties: rta.model.net.stream.StreamSubscription.$Shape): rta.model.net.stream.StreamSubscription & rta.model.net.stream.StreamSubscription.$Shape;
                    static create(properties?: rta.model.net.stream.StreamSubscription.$Properties): rta.model.net.stream.StreamSubscription;

                    /**
                     * Encodes the specified StreamSubscription message. Does not implicitly {@link rta.model.net.stream.StreamSubscription.verify|verify} messages.
                     * @param message StreamSubscription message or plain object to encode
                     * @param [writer] Writer to encode to
                     * @returns Writer
                     */
                    static encode(message: rta.model.net.stream.StreamSubscription.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                    /**
                     * Decodes a StreamSubscription message from the specified reader or buffer.
                     * @param reader Reader or buffer to decode from
                     * @param [length] Message length if known beforehand
                     * @returns {rta.model.net.stream.StreamSubscription & rta.model.net.stream.StreamSubscription.$Shape} StreamSubscription
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.net.stream.StreamSubscription & rta.model.net.stream.StreamSubscription.$Shape;
                }

                namespace StreamSubscription {

                    /** Properties of a StreamSubscription. */
                    interface $Properties {

                        /** StreamSubscription allEvents */
                        allEvents?: (boolean|null);

                        /** StreamSubscription allDataChannels */
                        allDataChannels?: (boolean|null);

                        /** StreamSubscription dataChannelIds */
                        dataChannelIds?: (number[]|null);

                        /** Unknown fields preserved while decoding when enabled */
                        $unknowns?: Uint8Array[];
                    }

                    /** Shape of a StreamSubscription. */
                    type $Shape = rta.model.net.stream.StreamSubscription.$Properties;
                }

                /**
                 * Properties of a StreamRequest.
                 * @deprecated Use rta.model.net.stream.StreamRequest.$Properties instead.
                 */
                interface IStreamRequest extends rta.model.net.stream.StreamRequest.$Properties {
                }

                /** Represents a StreamRequest. */
                class StreamRequest {

                    /**
                     * Constructs a new StreamRequest.
                     * @param [properties] Properties to set
                     */
                    constructor(properties?: rta.model.net.stream.StreamRequest.$Properties);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];

                    /** StreamRequest subscribe. */
                    subscribe?: (rta.model.net.stream.StreamSubscription.$Properties|null);

                    /** StreamRequest option. */
                    option?: "subscribe";

                    /**
                     * Creates a new StreamRequest instance using the specified properties.
                     * @param [properties] Properties to set
                     * @returns StreamRequest instance
                     */
                    static create(properties: rta.model.net.stream.StreamRequest.$Shape): rta.model.net.stream.StreamRequest & rta.model.net.stream.StreamRequest.$Shape;
                    static create(properties?: rta.model.net.stream.StreamRequest.$Properties): rta.model.net.stream.StreamRequest;

                    /**
                     * Encodes the specified StreamRequest message. Does not implicitly {@link rta.model.net.stream.StreamRequest.verify|verify} messages.
                     * @param message StreamRequest message or plain object to encode
                     * @param [writer] Writer to encode to
                     * @returns Writer
                     */
                    static encode(message: rta.model.net.stream.StreamRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                    /**
                     * Decodes a StreamRequest message from the specified reader or buffer.
                     * @param reader Reader or buffer to decode from
                     * @param [length] Message length if known beforehand
                     * @returns {rta.model.net.stream.StreamRequest & rta.model.net.stream.StreamRequest.$Shape} StreamRequest
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.net.stream.StreamRequest & rta.model.net.stream.StreamRequest.$Shape;
                }

                namespace StreamRequest {

                    /** Properties of a StreamRequest. */
                    interface $Properties {

                        /** StreamRequest subscribe */
                        subscribe?: (rta.model.net.stream.StreamSubscription.$Properties|null);

                        /** StreamRequest option */
                        option?: "subscribe";

                        /** Unknown fields preserved while decoding when enabled */
                        $unknowns?: Uint8Array[];
                    }

                    /** Narrowed shape of a StreamRequest. */
                    type $Shape = {
                      subscribe?: rta.model.net.stream.StreamSubscription.$Shape|null;
                      $unknowns?: Uint8Array[];
                    } & (
                      ({ option?: undefined; subscribe?: null }|{ option?: "subscribe"; subscribe: rta.model.net.stream.StreamSubscription.$Shape })
                    );
                }

                /**
                 * Properties of a StreamTimeRange.
                 * @deprecated Use rta.model.net.stream.StreamTimeRange.$Properties instead.
                 */
                interface IStreamTimeRange extends rta.model.net.stream.StreamTimeRange.$Properties {
                }

                /** Represents a StreamTimeRange. */
                class StreamTimeRange {

                    /**
                     * Constructs a new StreamTimeRange.
                     * @param [properties] Properties to set
                     */
                    constructor(properties?: rta.model.net.stream.StreamTimeRange.$Properties);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];

                    /** StreamTimeRange startTime. */
                    startTime: (number|Long);

                    /** StreamTimeRange endTime. */
                    endTime: (number|Long);

                    /**
                     * Creates a new StreamTimeRange instance using the specified properties.
                     * @param [properties] Properties to set
                     * @returns StreamTimeRange instance
                     */
                    static create(properties: rta.model.net.stream.StreamTimeRange.$Shape): rta.model.net.stream.StreamTimeRange & rta.model.net.stream.StreamTimeRange.$Shape;
                    static create(properties?: rta.model.net.stream.StreamTimeRange.$Properties): rta.model.net.stream.StreamTimeRange;

                    /**
                     * Encodes the specified StreamTimeRange message. Does not implicitly {@link rta.model.net.stream.StreamTimeRange.verify|verify} messages.
                     * @param message StreamTimeRange message or plain object to encode
                     * @param [writer] Writer to encode to
                     * @returns Writer
                     */
                    static encode(message: rta.model.net.stream.StreamTimeRange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                    /**
                     * Decodes a StreamTimeRange message from the specified reader or buffer.
                     * @param reader Reader or buffer to decode from
                     * @param [length] Message length if known beforehand
                     * @returns {rta.model.net.stream.StreamTimeRange & rta.model.net.stream.StreamTimeRange.$Shape} StreamTimeRange
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.net.stream.StreamTimeRange & rta.model.net.stream.StreamTimeRange.$Shape;
                }

                namespace StreamTimeRange {

                    /** Properties of a StreamTimeRange. */
                    interface $Properties {

                        /** StreamTimeRange startTime */
                        startTime?: (number|Long|null);

                        /** StreamTimeRange endTime */
                        endTime?: (number|Long|null);

                        /** Unknown fields preserved while decoding when enabled */
                        $unknowns?: Uint8Array[];
                    }

                    /** Shape of a StreamTimeRange. */
                    type $Shape = rta.model.net.stream.StreamTimeRange.$Properties;
                }

                /**
                 * Properties of a StreamData.
                 * @deprecated Use rta.model.net.stream.StreamData.$Properties instead.
                 */
                interface IStreamData extends rta.model.net.stream.StreamData.$Properties {
                }

                /** Represents a StreamData. */
                class StreamData {

                    /**
                     * Constructs a new StreamData.
                     * @param [properties] Properties to set
                     */
                    constructor(properties?: rta.model.net.stream.StreamData.$Properties);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];

                    /** StreamData sessionJson. */
                    sessionJson?: (string|null);

                    /** StreamData timeRange. */
                    timeRange?: (rta.model.net.stream.StreamTimeRange.$Properties|null);

                    /** StreamData timestampedData. */
                    timestampedData?: (rta.model.data.TimestampedData.$Properties|null);

                    /** StreamData periodicData. */
                    periodicData?: (rta.model.data.PeriodicData.$Properties|null);

                    /** StreamData rowData. */
                    rowData?: (rta.model.data.RowData.$Properties|null);

                    /** StreamData event. */
                    event?: (rta.model.data.Event.$Properties|null);

                    /** StreamData data. */
                    data?: ("sessionJson"|"timeRange"|"timestampedData"|"periodicData"|"rowData"|"event");

                    /**
                     * Creates a new StreamData instance using the specified properties.
                     * @param [properties] Properties to set
                     * @returns StreamData instance
                     */
                    static create(properties: rta.model.net.stream.StreamData.$Shape): rta.model.net.stream.StreamData & rta.model.net.stream.StreamData.$Shape;
                    static create(properties?: rta.model.net.stream.StreamData.$Properties): rta.model.net.stream.StreamData;

                    /**
                     * Encodes the specified StreamData message. Does not implicitly {@link rta.model.net.stream.StreamData.verify|verify} messages.
                     * @param message StreamData message or plain object to encode
                     * @param [writer] Writer to encode to
                     * @returns Writer
                     */
                    static encode(message: rta.model.net.stream.StreamData.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                    /**
                     * Decodes a StreamData message from the specified reader or buffer.
                     * @param reader Reader or buffer to decode from
                     * @param [length] Message length if known beforehand
                     * @returns {rta.model.net.stream.StreamData & rta.model.net.stream.StreamData.$Shape} StreamData
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.net.stream.StreamData & rta.model.net.stream.StreamData.$Shape;
                }

                namespace StreamData {

                    /** Properties of a StreamData. */
                    interface $Properties {

                        /** StreamData sessionJson */
                        sessionJson?: (string|null);

                        /** StreamData timeRange */
                        timeRange?: (rta.model.net.stream.StreamTimeRange.$Properties|null);

                        /** StreamData timestampedData */
                        timestampedData?: (rta.model.data.TimestampedData.$Properties|null);

                        /** StreamData periodicData */
                        periodicData?: (rta.model.data.PeriodicData.$Properties|null);

                        /** StreamData rowData */
                        rowData?: (rta.model.data.RowData.$Properties|null);

                        /** StreamData event */
                        event?: (rta.model.data.Event.$Properties|null);

                        /** StreamData data */
                        data?: ("sessionJson"|"timeRange"|"timestampedData"|"periodicData"|"rowData"|"event");

                        /** Unknown fields preserved while decoding when enabled */
                        $unknowns?: Uint8Array[];
                    }

                    /** Narrowed shape of a StreamData. */
                    type $Shape = {
                      sessionJson?: string|null;
                      timeRange?: rta.model.net.stream.StreamTimeRange.$Shape|null;
                      timestampedData?: rta.model.data.TimestampedData.$Shape|null;
                      periodicData?: rta.model.data.PeriodicData.$Shape|null;
                      rowData?: rta.model.data.RowData.$Shape|null;
                      event?: rta.model.data.Event.$Shape|null;
                      $unknowns?: Uint8Array[];
                    } & (
                      ({ data?: undefined; sessionJson?: null; timeRange?: null; timestampedData?: null; periodicData?: null; rowData?: null; event?: null }|{ data?: "sessionJson"; sessionJson: string; timeRange?: null; timestampedData?: null; periodicData?: null; rowData?: null; event?: null }|{ data?: "timeRange"; sessionJson?: null; timeRange: rta.model.net.stream.StreamTimeRange.$Shape; timestampedData?: null; periodicData?: null; rowData?: null; event?: null }|{ data?: "timestampedData"; sessionJson?: null; timeRange?: null; timestampedData: rta.model.data.TimestampedData.$Shape; periodicData?: null; rowData?: null; event?: null }|{ data?: "periodicData"; sessionJson?: null; timeRange?: null; timestampedData?: null; periodicData: rta.model.data.PeriodicData.$Shape; rowData?: null; event?: null }|{ data?: "rowData"; sessionJson?: null; timeRange?: null; timestampedData?: null; periodicData?: null; rowData: rta.model.data.RowData.$Shape; event?: null }|{ data?: "event"; sessionJson?: null; timeRange?: null; timestampedData?: null; periodicData?: null; rowData?: null; event: rta.model.data.Event.$Shape })
                    );
                }

                /**
                 * Properties of a StreamDataBurst.
                 * @deprecated Use rta.model.net.stream.StreamDataBurst.$Properties instead.
                 */
                interface IStreamDataBurst extends rta.model.net.stream.StreamDataBurst.$Properties {
                }

                /** Represents a StreamDataBurst. */
                class StreamDataBurst {

                    /**
                     * Constructs a new StreamDataBurst.
                     * @param [properties] Properties to set
                     */
                    constructor(properties?: rta.model.net.stream.StreamDataBurst.$Properties);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];

                    /** StreamDataBurst data. */
                    data: rta.model.net.stream.StreamData.$Properties[];

                    /**
                     * Creates a new StreamDataBurst instance using the specified properties.
                     * @param [properties] Properties to set
                     * @returns StreamDataBurst instance
                     */
                    static create(properties: rta.model.net.stream.StreamDataBurst.$Shape): rta.model.net.stream.StreamDataBurst & rta.model.net.stream.StreamDataBurst.$Shape;
                    static create(properties?: rta.model.net.stream.StreamDataBurst.$Properties): rta.model.net.stream.StreamDataBurst;

                    /**
                     * Encodes the specified StreamDataBurst message. Does not implicitly {@link rta.model.net.stream.StreamDataBurst.verify|verify} messages.
                     * @param message StreamDataBurst message or plain object to encode
                     * @param [writer] Writer to encode to
                     * @returns Writer
                     */
                    static encode(message: rta.model.net.stream.StreamDataBurst.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                    /**
                     * Decodes a StreamDataBurst message from the specified reader or buffer.
                     * @param reader Reader or buffer to decode from
                     * @param [length] Message length if known beforehand
                     * @returns {rta.model.net.stream.StreamDataBurst & rta.model.net.stream.StreamDataBurst.$Shape} StreamDataBurst
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): rta.model.net.stream.StreamDataBurst & rta.model.net.stream.StreamDataBurst.$Shape;
                }

                namespace StreamDataBurst {

                    /** Properties of a StreamDataBurst. */
                    interface $Properties {

                        /** StreamDataBurst data */
                        data?: (rta.model.net.stream.StreamData.$Properties[]|null);

                        /** Unknown fields preserved while decoding when enabled */
                        $unknowns?: Uint8Array[];
                    }

                    /** Shape of a StreamDataBurst. */
                    type $Shape = {
                      data?: rta.model.net.stream.StreamData.$Shape[]|null;
                      $unknowns?: Uint8Array[];
                    };
                }
            }
        }
    }
}
