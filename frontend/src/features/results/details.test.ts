import { expect, test } from 'vitest';
import { isNamedWeights, isWeights, namedWeightsOf, rowsOf, weightsOf } from './details';

test('numbers by name are weights, and the largest comes first', () => {
  const coefficients = { length: 2, width: -30, height: 0, weight: 7 };
  expect(isWeights(coefficients)).toBe(true);
  expect(weightsOf(coefficients).map(({ name }) => name)).toEqual(['width', 'weight', 'length', 'height']);
});

test.each([[{ a: 1, b: 2 }], [{ a: 1, b: 2, c: 3, d: 'x' }], [[1, 2, 3, 4]], [null]])(
  'other shapes are no weights',
  (value) => {
    expect(isWeights(value)).toBe(false);
  },
);

test('records are rows, other lists are not', () => {
  expect(rowsOf([{ a: 1 }, { b: 2 }])).toEqual([{ a: 1 }, { b: 2 }]);
  expect(rowsOf(['a'])).toBeNull();
  expect(rowsOf([])).toBeNull();
});

test('records of a name and a number are weights, in the order in which they come', () => {
  const importances = ['size', 'age', 'make', 'doors'].map((feature, index) => ({
    feature,
    importance: 1 / (index + 1),
  }));
  expect(isNamedWeights(importances)).toBe(true);
  expect(namedWeightsOf(importances)[1]).toEqual({ name: 'age', value: 0.5 });
  expect(isNamedWeights(importances.slice(1))).toBe(false);
  expect(isNamedWeights(importances.map((item) => ({ ...item, class: 'a' })))).toBe(false);
});
