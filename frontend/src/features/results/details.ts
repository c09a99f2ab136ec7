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

/** Records of a name and a number each, as the importances of features are. */
export function isNamedWeights(value: unknown): value is Record<string, string | number>[] {
  const records = Array.isArray(value) ? rowsOf(value) : null;
  if (records === null || records.length < FEWEST_WEIGHTS) return false;
  return records.every((record) => {
    const [name, number, ...more] = Object.values(record);
    return typeof name === 'string' && typeof number === 'number' && more.length === 0;
  });
}

export function namedWeightsOf(records: Record<string, string | number>[]): Weight[] {
  return records.map((record) => {
    const [name = '', value = 0] = Object.values(record);
    return { name: String(name), value: Number(value) };
  });
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
