/** One thing that a key does. */
interface Key {
  /** As `keyName` writes them; any one of them does it. */
  readonly keys: readonly string[];
  readonly words: string;
}

/** Every key of the page and what it does: the bindings and the help sheet are both made of this. */
export const KEYS = {
  Time: {
    pause: { keys: ["Space"], words: "Pause, and go on" },
    live: { keys: ["l", "End"], words: "Return to live" },
    oldest: { keys: ["Home"], words: "Go to the oldest data" },
    back: { keys: ["ArrowLeft"], words: "A tenth of the window back" },
    on: { keys: ["ArrowRight"], words: "A tenth of the window on" },
    pageBack: { keys: ["Shift+ArrowLeft"], words: "A whole window back" },
    pageOn: { keys: ["Shift+ArrowRight"], words: "A whole window on" },
    zoomIn: { keys: ["+", "="], words: "Zoom in" },
    zoomOut: { keys: ["-"], words: "Zoom out" },
    lessDelay: { keys: ["["], words: "Broadcast delay: 0.1 s less" },
    moreDelay: { keys: ["]"], words: "Broadcast delay: 0.1 s more" },
    muchLessDelay: { keys: ["{"], words: "Broadcast delay: 1 s less" },
    muchMoreDelay: { keys: ["}"], words: "Broadcast delay: 1 s more" },
  },
  Reading: {
    cursor: { keys: ["c"], words: "Cursor at the pointer, else in the middle" },
    secondCursor: { keys: ["v"], words: "Second cursor, for differences" },
    cursorBack: { keys: [","], words: "Cursor a little back" },
    cursorOn: { keys: ["."], words: "Cursor a little on" },
    cursorFarBack: { keys: ["<"], words: "Cursor far back" },
    cursorFarOn: { keys: [">"], words: "Cursor far on" },
    clear: { keys: ["Escape"], words: "Take the cursors away" },
    nextEvent: { keys: ["n"], words: "Next event" },
    previousEvent: { keys: ["p"], words: "Previous event" },
    nextLap: { keys: ["PageDown"], words: "Next lap" },
    previousLap: { keys: ["PageUp"], words: "Previous lap" },
    axis: { keys: ["k"], words: "Over time, or over distance" },
  },
  Panes: {
    nextPane: { keys: ["j"], words: "Select the next pane" },
    previousPane: { keys: ["Shift+j"], words: "Select the pane before" },
    paneUp: { keys: ["Alt+ArrowUp"], words: "Move the selected pane up" },
    paneDown: { keys: ["Alt+ArrowDown"], words: "Move the selected pane down" },
    joinPane: { keys: ["g"], words: "Join the selected pane with the one above" },
    splitPane: { keys: ["Shift+g"], words: "Split the selected pane into its traces" },
    scale: { keys: ["s"], words: "One scale for the selected pane, or one for each trace" },
    fit: { keys: ["a"], words: "Fit the selected pane to what is seen" },
    range: { keys: ["r"], words: "Set the range of the selected pane in numbers" },
    taller: { keys: ["Alt++", "Alt+="], words: "Selected pane taller" },
    shorter: { keys: ["Alt+-"], words: "Selected pane less tall" },
    removePane: { keys: ["Delete"], words: "Remove the selected pane" },
  },
  Page: {
    search: { keys: ["/"], words: "Search parameters" },
    parameters: { keys: ["1"], words: "Parameters" },
    readings: { keys: ["2"], words: "Readings at the cursors" },
    laps: { keys: ["3"], words: "Laps" },
    events: { keys: ["4"], words: "Events" },
    map: { keys: ["m"], words: "Track map on, off" },
    link: { keys: ["u"], words: "Copy a link to what is seen" },
    csv: { keys: ["e"], words: "Export traces in view as CSV" },
    png: { keys: ["i"], words: "Export panes as PNG" },
    theme: { keys: ["t"], words: "Dark, light, or as the device has it" },
    help: { keys: ["?"], words: "This sheet" },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Key>>>>;

type Sections = typeof KEYS;
/** Names of all actions in the table. */
export type Action = { [S in keyof Sections]: keyof Sections[S] }[keyof Sections];
/** What each action does. The compiler sees to it that none is forgotten. */
export type Actions = Readonly<Record<Action, () => void>>;

/** A key stroke, as far as its name goes. */
export interface Stroke extends Pick<KeyboardEvent, "key" | "altKey" | "shiftKey" | "ctrlKey" | "metaKey"> {
  /** AltGr is down, without which many keyboards have no `[` or `{`. */
  readonly hasAltGraph: boolean;
}

/** `Shift+ArrowLeft`, `Alt+-`, `?`, `k`: Shift and AltGr are not named where they are part of the sign. */
export function keyName({ key, altKey, shiftKey, ctrlKey, metaKey, hasAltGraph }: Stroke): string {
  const sign = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  return [
    // Windows tells AltGr as Ctrl and Alt.
    ctrlKey && !hasAltGraph ? "Ctrl+" : "",
    metaKey ? "Meta+" : "",
    altKey && !hasAltGraph ? "Alt+" : "",
    shiftKey && !(isSign && key !== " ") ? "Shift+" : "",
    sign,
  ].join("");
}

/** Keys that typing or dictation would press: a letter, digit or sign without Alt. */
export function isCharacter(name: string): boolean {
  return /^(Shift\+)?.$/u.test(name);
}

/** By the name of the key. */
export function bindingsOf(sections: Sections = KEYS): ReadonlyMap<string, Action> {
  const entries = Object.values(sections).flatMap((section) =>
    Object.entries(section as Readonly<Record<string, Key>>).flatMap(([action, { keys }]) =>
      keys.map((key) => [key, action as Action] as const),
    ),
  );
  return new Map(entries);
}

/** How a key is written on the help sheet. */
export function keyLabel(key: string): string {
  const arrows: Readonly<Record<string, string>> = {
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
    "-": "−",
  };
  const parts = key.split(/\+(?=.)/);
  return parts.map((part) => arrows[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(" + ");
}
