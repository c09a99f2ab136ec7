import { expect, test } from 'vitest';
import {
  confusionAt,
  type EvaluatedSet,
  figuresOf,
  linesOf,
  precisionRecallOf,
  rangeOf,
  rocOf,
  ticksOf,
} from './evaluation';

test('figures of a confusion matrix are those counted by hand', () => {
  expect(figuresOf({ threshold: 0.5, tp: 6, fp: 2, tn: 10, fn: 2 })).toEqual({
    Accuracy: 0.8,
    Precision: 0.75,
    Recall: 0.75,
    F1: 0.75,
  });
});

test('a figure without a meaning is null', () => {
  expect(figuresOf({ threshold: 1, tp: 0, fp: 0, tn: 5, fn: 0 })).toMatchObject({
    Precision: null,
    Recall: null,
  });
});

// Four positives and four negatives; three thresholds share a false positive rate of 0.
const SET: EvaluatedSet = {
  name: 'left',
  metrics: {},
  curve: [
    { threshold: 0, tp: 4, fp: 4, tn: 0, fn: 0 },
    { threshold: 0.5, tp: 3, fp: 1, tn: 3, fn: 1 },
    { threshold: 0.7, tp: 2, fp: 0, tn: 4, fn: 2 },
    { threshold: 0.9, tp: 1, fp: 0, tn: 4, fn: 3 },
    { threshold: 1, tp: 0, fp: 0, tn: 4, fn: 4 },
  ],
};

test('the ROC curve climbs from nothing to everything without a step back', () => {
  expect(rocOf([SET]).map(({ x, left }) => [x, left])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0.25],
    [0, 0.5],
    [0.25, 0.75],
    [1, 1],
  ]);
});

test('two curves share one axis and keep their own order', () => {
  const points = rocOf([SET, { ...SET, name: 'right' }]);
  const xs = points.map(({ x }) => x);
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
  expect(points.flatMap(({ right }) => (right === undefined ? [] : [right]))).toEqual([
    0, 0, 0.25, 0.5, 0.75, 1,
  ]);
});

test('a threshold that nothing reaches has no precision', () => {
  expect(precisionRecallOf([SET]).map(({ x, left }) => [x, left])).toEqual([
    [0.25, 1],
    [0.5, 1],
    [0.75, 0.75],
    [1, 0.5],
  ]);
});

test('the nearest threshold is taken', () => {
  expect(confusionAt(SET, 0.56)?.threshold).toBe(0.5);
  expect(confusionAt({ name: '', metrics: {} }, 0.5)).toBeNull();
});

test('both axes hold all points', () => {
  const points: [number, number][] = [
    [1, 5],
    [3, -2],
  ];
  expect(rangeOf([{ name: '', metrics: {}, points }])).toEqual([-2, 5]);
  expect(rangeOf([])).toEqual([0, 1]);
});

test.each([
  [5118, 45400, [0, 10000, 20000, 30000, 40000, 50000]],
  [-0.3, 0.9, [-0.5, 0, 0.5, 1]],
  [3, 3, [3, 4]],
  [0, 0, [0, 0.2]],
])('an axis from %d to %d has round numbers that hold both', (low, high, ticks) => {
  expect(ticksOf(low, high)).toEqual(ticks);
});

test('lines share the rows of equal places, in order of numbers', () => {
  const set = {
    name: '',
    metrics: {},
    lines: [
      { name: 'yes', points: [[1, 0.2] as [number, number], [3, 0.9] as [number, number]] },
      { name: 'no', points: [[2, 0.5] as [number, number], [1, 0.8] as [number, number]] },
    ],
  };
  expect(linesOf(set)).toEqual([
    { place: 1, yes: 0.2, no: 0.8 },
    { place: 2, no: 0.5 },
    { place: 3, yes: 0.9 },
  ]);
});

test('places that are names keep their order', () => {
  const points: [string, number][] = [
    ['red', 1],
    ['blue', 2],
  ];
  expect(
    linesOf({ name: '', metrics: {}, lines: [{ name: 'y', points }] }).map(({ place }) => place),
  ).toEqual(['red', 'blue']);
});
