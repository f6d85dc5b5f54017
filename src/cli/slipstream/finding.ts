/** What a check of `slipstream doctor` found. */
export interface Finding {
  /** What was looked at. */
  readonly check: string;
  /** `skip`: it could not be looked at, which is no fault. */
  readonly status: "ok" | "warn" | "fail" | "skip";
  readonly message: string;
  /** What to do about it; not with `ok`. */
  readonly advice?: string;
  /** Figures of it, for machines. */
  readonly figures?: Readonly<Record<string, number>>;
}
