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
