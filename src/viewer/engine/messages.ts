import type { Link, Problem, SessionState } from "../../client/index.ts";
import type { Statistics } from "../reading/statistics.ts";

/** What the page may know of a parameter: everything but the functions of its conversion. */
export interface ParameterInfo {
  /** `name:app`; names a trace everywhere in the page. */
  readonly id: string;
  readonly name: string;
  readonly app: string;
  readonly description: string;
  readonly unit: string;
  readonly groups: readonly string[];
  /** Limits of the configuration; equal ones mean that there are none. */
  readonly min: number;
  readonly max: number;
  readonly warnMin: number;
  readonly warnMax: number;
  /** False for virtual parameters, which nothing feeds. */
  readonly hasData: boolean;
  /** Its values are names: drawn as states, steps with their names on them. */
  readonly isState: boolean;
}

/** Everything that can be shown of the session. */
export interface CatalogueNews {
  readonly origin: "configuration" | "guessed" | "pending";
  readonly parameters: readonly ParameterInfo[];
}

/** The session, as old as the broadcast delay wants it. */
export interface SessionNews {
  readonly identity: string;
  readonly identifier: string;
  readonly state: SessionState;
  /** Every member of the merged Session JSON. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** An event in words. */
export interface EventLine {
  /** Counts up in the order of release; names the event. */
  readonly key: number;
  readonly timeNs: bigint;
  readonly title: string;
  readonly detail: string;
  /** `debug`, `low`, `medium` or `high`; empty without a definition. */
  readonly priority: string;
  readonly definitionId: number;
  readonly app: string;
  /** Raw values. */
  readonly values: readonly number[];
}

/** Events that may be seen now; `isFresh`: forget all that was told before. */
export interface EventsNews {
  readonly isFresh: boolean;
  readonly added: readonly EventLine[];
}

/** The span of values that a trace is drawn in. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** What has just been drawn. */
export interface DrawnNews {
  /** Time at the left and the right edge of the plots. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Nothing after this may be seen: the leading edge less the broadcast delay. Null before the first sample. */
  readonly shownUntilNs: bigint | null;
  /** The newest sample that has come in, seen or not. Null before the first. */
  readonly newestNs: bigint | null;
  /** Where the samples that are kept begin. Null before the first. */
  readonly oldestNs: bigint | null;
  /** By pane, in its order of traces. */
  readonly scales: ReadonlyMap<string, readonly Scale[]>;
}

/** A value as people read it. */
export interface Reading {
  /** NaN without a sample. */
  readonly value: number;
  /** Without the unit; empty without a sample. */
  readonly text: string;
  /** When the sample was taken; null without one. */
  readonly timeNs: bigint | null;
  /** Outside the warning limits. */
  readonly isOutside: boolean;
}

/** Latest readings of what is plotted or watched, by parameter; a few times a second. */
export type ValuesNews = ReadonlyMap<string, Reading>;

/** A stretch of time of which samples are missing. */
export interface Loss {
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** This device's clock when it was found. */
  readonly atMs: number;
  readonly words: string;
}

/** The state of the link in numbers, once a second. Times in ms. */
export interface HealthNews {
  /** From the stamp of a sample to its pixels, of the last seconds; NaN without samples. */
  readonly delayP50Ms: number;
  readonly delayP99Ms: number;
  /** Of the median: from the stamp to the arrival here, which includes clock differences. */
  readonly transportMs: number;
  /** Of the median: unpacking and merging in this page. */
  readonly decodingMs: number;
  /** Of the median: held so that traces move evenly, and waiting for the next picture. */
  readonly smoothingMs: number;
  /** What is missing between history and now is still on its way. */
  readonly isCatchingUp: boolean;
  readonly losses: readonly Loss[];
  /** Memory that samples take. */
  readonly bytesKept: number;
  readonly samplesPerSecond: number;
}

/** From the worker to the page. */
export interface News {
  readonly link: Link;
  readonly catalogue: CatalogueNews;
  readonly session: SessionNews;
  readonly problem: Problem;
  readonly events: EventsNews;
  readonly drawn: DrawnNews;
  readonly values: ValuesNews;
  readonly health: HealthNews;
  /** What went wrong in the worker itself; it tries to go on. */
  readonly failed: string;
}

/** Samples in order of time. */
export interface Series {
  /** What `times` count from. */
  readonly originNs: bigint;
  /** ns after the origin. */
  readonly times: Float64Array;
  /** In the parameter's unit; NaN marks a gap between its neighbours. */
  readonly values: Float64Array;
}

/** Questions that the page may ask, with their answers. */
export interface Questions {
  /** The last sample at or before an instant, for each of the parameters. */
  readonly readings: {
    readonly ask: { readonly parameters: readonly string[]; readonly atNs: bigint };
    readonly answer: readonly Reading[];
  };
  readonly statistics: {
    readonly ask: {
      readonly parameters: readonly string[];
      readonly startNs: bigint;
      readonly endNs: bigint;
    };
    readonly answer: readonly Statistics[];
  };
  /** All samples of an interval; over `most`, min and max of as many parts. */
  readonly series: {
    readonly ask: {
      readonly parameters: readonly string[];
      readonly startNs: bigint;
      readonly endNs: bigint;
      readonly most: number;
    };
    readonly answer: readonly Series[];
  };
  /** Values as people read them, without unit. */
  readonly texts: {
    readonly ask: { readonly parameter: string; readonly values: Float64Array };
    readonly answer: readonly string[];
  };
}
export type Question = keyof Questions;

/** A trace in a pane. */
export interface TraceSpec {
  readonly parameter: string;
  /** Place in the palette, from 0. */
  readonly color: number;
  /** Fixed; `fit`: that of the samples in view; null: the limits of the configuration, wider where samples go beyond. */
  readonly range: Scale | "fit" | null;
}

/** A pane: traces that share a time axis and a place. */
export interface PaneSpec {
  /** Unique in the page. */
  readonly id: string;
  readonly traces: readonly TraceSpec[];
  /** `own`: each trace has its own scale; `shared`: one for all. */
  readonly scale: "own" | "shared";
  /** Share of the height, 1 by default. */
  readonly weight: number;
}

/** Colours as 0xRRGGBB. */
export interface PlotTheme {
  readonly back: number;
  readonly grid: number;
  readonly text: number;
  readonly warning: number;
  readonly traces: readonly number[];
}

/** The canvas below the panes, with the times. */
export const TIME_AXIS = "time-axis";

/** Where a picture goes, in device pixels. */
export interface PaneSize {
  readonly id: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What the page wants drawn. */
export interface FrameRequest {
  readonly nowMs: number;
  readonly spanNs: number;
  /** Right edge; null: follows the leading edge. */
  readonly endNs: bigint | null;
  /** Only panes that are in view. */
  readonly panes: readonly PaneSize[];
  readonly pixelRatio: number;
}

/** From the page to the worker. */
export type Command =
  | {
      readonly kind: "open";
      readonly baseUrl: string;
      readonly identity: string;
      readonly token: string | null;
      readonly retentionS: number;
      readonly delayMs: number;
    }
  | { readonly kind: "panes"; readonly panes: readonly PaneSpec[] }
  | { readonly kind: "canvas"; readonly pane: string; readonly canvas: OffscreenCanvas }
  | { readonly kind: "theme"; readonly theme: PlotTheme }
  | { readonly kind: "watch"; readonly parameters: readonly string[] }
  | { readonly kind: "delay"; readonly delayMs: number }
  | { readonly kind: "frame"; readonly request: FrameRequest }
  | {
      readonly kind: "ask";
      readonly ticket: number;
      readonly question: Question;
      readonly ask: Questions[Question]["ask"];
    };

/** From the worker to the page, as it travels. */
export type Message =
  | { [K in keyof News]: { readonly kind: K; readonly news: News[K] } }[keyof News]
  | { readonly kind: "answer"; readonly ticket: number; readonly answer: Questions[Question]["answer"] };
