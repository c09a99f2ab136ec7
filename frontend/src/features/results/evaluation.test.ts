import { expect, test } from 'vitest';
import { figuresOf } from './evaluation';

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
