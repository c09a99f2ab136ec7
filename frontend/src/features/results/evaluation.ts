/** What Evaluate Model keeps beside its table, for charts. */
export interface Confusion {
  threshold: number;
  tp: number;
  fp: number;
  tn: number;
  fn: number;
}

export interface EvaluatedSet {
  name: string;
  metrics: Record<string, number | null>;
  points?: [number, number][];
  residual_histogram?: { edges: number[]; counts: number[] };
  positive?: string;
  negative?: string;
  curve?: Confusion[];
  classes?: string[];
  matrix?: number[][];
  sizes?: { cluster: string | number; size: number }[];
  quantiles?: { quantile: number; below: number }[];
  bars?: { name: string; value: number | null }[];
  lines?: Line[];
}

/** Points by ascending place; places are numbers or, for all lines of a set, names. */
export interface Line {
  name: string;
  points: [number | string, number][];
}

export interface Evaluation {
  task: string;
  sets: EvaluatedSet[];
}

export function evaluationOf(meta: Record<string, unknown>): Evaluation | null {
  const charts = meta.charts;
  if (typeof charts !== 'object' || charts === null || !('sets' in charts)) return null;
  return charts as Evaluation;
}

/** Figures of a confusion matrix; null where a figure has no meaning. */
export function figuresOf({
  tp,
  fp,
  tn,
  fn,
}: Confusion): Record<'Accuracy' | 'Precision' | 'Recall' | 'F1', number | null> {
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    Accuracy: share(tp + tn, tp + fp + tn + fn),
    Precision: share(tp, tp + fp),
    Recall: share(tp, tp + fn),
    F1: share(2 * tp, 2 * tp + fp + fn),
  };
}

/** A point of a curve for each set that has one there; the name of a set is the key of its value. */
export type CurvePoint = { x: number } & Record<string, number>;

/** True against false positive rate, from the strictest threshold to the loosest. */
export function rocOf(sets: EvaluatedSet[]): CurvePoint[] {
  return joined(sets, (set) => [
    [0, 0],
    ...strictestFirst(set).map(({ tp, fp, tn, fn }): [number, number] => [
      fp / Math.max(fp + tn, 1),
      tp / Math.max(tp + fn, 1),
    ]),
  ]);
}

/** Precision against recall; thresholds that nothing reaches have no precision and are left out. */
export function precisionRecallOf(sets: EvaluatedSet[]): CurvePoint[] {
  return joined(sets, (set) =>
    strictestFirst(set).flatMap((at): [number, number][] => {
      const { Precision, Recall } = figuresOf(at);
      return Precision === null || Recall === null ? [] : [[Recall, Precision]];
    }),
  );
}

function strictestFirst({ curve = [] }: EvaluatedSet): Confusion[] {
  return [...curve].sort((a, b) => b.threshold - a.threshold);
}

/** One list over all sets. Each set comes in ascending x, and sorting keeps the order of equal ones: lines stay lines. */
function joined(sets: EvaluatedSet[], points: (set: EvaluatedSet) => [number, number][]): CurvePoint[] {
  return sets
    .flatMap((set) => points(set).map(([x, y]) => ({ x, [set.name]: y }) as CurvePoint))
    .sort((a, b) => a.x - b.x);
}

/** One row for each place of the lines; the name of a line is the key of its value. */
export function linesOf({ lines = [] }: EvaluatedSet): Record<string, number | string>[] {
  const rows = new Map<number | string, Record<string, number | string>>();
  for (const { name, points } of lines) {
    for (const [place, value] of points) rows.set(place, { ...rows.get(place), place, [name]: value });
  }
  return [...rows.values()].sort((a, b) =>
    typeof a.place === 'number' && typeof b.place === 'number' ? a.place - b.place : 0,
  );
}

/** The confusion at the threshold that is nearest to the given one. */
export function confusionAt({ curve = [] }: EvaluatedSet, threshold: number): Confusion | null {
  const distance = (at: Confusion) => Math.abs(at.threshold - threshold);
  return curve.reduce<Confusion | null>(
    (best, at) => (best === null || distance(at) < distance(best) ? at : best),
    null,
  );
}

/** The smallest and largest value of all points: both axes of predicted against actual take it. */
export function rangeOf(sets: EvaluatedSet[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of sets.flatMap(({ points = [] }) => points).flat()) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}

const WISHED_TICKS = 5;

/** Round numbers from at most the low to at least the high value. */
export function ticksOf(low: number, high: number): number[] {
  const rough = (high - low || Math.abs(high) || 1) / WISHED_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(Math.ceil(high / step), first + 1);
  // Multiplied, not added up: sums of steps drift away from round numbers.
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** Where a bin of a histogram stands. */
export function middleOf(edges: number[], bin: number): number {
  return ((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2;
}
