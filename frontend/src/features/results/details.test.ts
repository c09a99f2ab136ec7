import { expect, test } from 'vitest';
import { isWeights, rowsOf, weightsOf } from './details';

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
