/** What the description of a model is made of, told by its shape alone: every kind of model describes itself. */

export interface Weight {
  name: string;
  value: number;
}

// Fewer numbers than this read better as a list.
const FEWEST_WEIGHTS = 4;

export function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

/** Numbers by name, as coefficients and importances are. */
export function isWeights(value: unknown): value is Record<string, number> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const numbers = Object.values(value);
  return numbers.length >= FEWEST_WEIGHTS && numbers.every((item) => typeof item === 'number');
}

export function weightsOf(values: Record<string, number>): Weight[] {
  return Object.entries(values)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
}

/** The rows of a table; null where the items are no records. */
export function rowsOf(items: unknown[]): Record<string, unknown>[] | null {
  const isRecord = (item: unknown) => typeof item === 'object' && item !== null && !Array.isArray(item);
  return items.length > 0 && items.every(isRecord) ? (items as Record<string, unknown>[]) : null;
}
