/** What this browser keeps for another visit. Where people have forbidden it, nothing is kept, and nothing breaks. */
const PREFIX = "slipstream-";

/** Null for what was never kept. */
export function recall(name: string): string | null {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function remember(name: string, text: string): void {
  try {
    localStorage.setItem(PREFIX + name, text);
  } catch {
    // Forbidden, or full: another visit begins as the first one did.
  }
}
