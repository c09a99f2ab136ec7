/** Whether every word of a query stands in one of the texts. */
export function matches(query: string, ...texts: string[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return wordsOf(query).every((word) => all.includes(word));
}

/**
 * The items that a query matches, those first whose title is the query, begins with it, has words that begin with its
 * words, or holds them; otherwise in their order.
 */
export function search<T extends { title: string }>(
  items: Iterable<T>,
  query: string,
  textsOf: (item: T) => string[],
): T[] {
  const found = [...items].filter((item) => matches(query, item.title, ...textsOf(item)));
  if (query.trim() === '') return found;
  return found
    .map((item) => ({ item, rank: rankOf(item.title.toLowerCase(), query) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function rankOf(title: string, query: string): number {
  const text = query.trim().toLowerCase();
  const words = wordsOf(text);
  const begun = title.split(/[\s(),]+/);
  if (title === text) return 0;
  if (title.startsWith(text)) return 1;
  if (words.every((word) => begun.some((one) => one.startsWith(word)))) return 2;
  return words.every((word) => title.includes(word)) ? 3 : 4;
}

function wordsOf(query: string): string[] {
  return query.trim().toLowerCase().split(/\s+/);
}
