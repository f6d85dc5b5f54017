/** Tells listeners what happens, by topic; a listener that comes late is told the latest at once. */
export class Told<Topics extends object> {
  readonly #listeners = new Map<keyof Topics, Set<(news: never) => void>>();
  readonly #latest = new Map<keyof Topics, unknown>();

  /** Returns what ends listening. */
  on<K extends keyof Topics>(topic: K, listener: (news: Topics[K]) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    if (this.#latest.has(topic)) listener(this.#latest.get(topic) as Topics[K]);
    return () => listeners.delete(listener);
  }

  tell<K extends keyof Topics>(topic: K, news: Topics[K]): void {
    this.#latest.set(topic, news);
    for (const listener of this.#listeners.get(topic) ?? []) listener(news as never);
  }

  /** What was told last; undefined before the first time. */
  latest<K extends keyof Topics>(topic: K): Topics[K] | undefined {
    return this.#latest.get(topic) as Topics[K] | undefined;
  }
}
