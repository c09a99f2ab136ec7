import { describe, expect, test } from 'vitest';
import type { Column } from '../../../api/types';
import { countOf, jsonOf, plainNames, type Selection, selectionOf } from './selection';

const COLUMNS: Column[] = [
  { name: 'make', dtype: 'String', role: 'feature', categorical: true },
  { name: 'length', dtype: 'Float64', role: 'feature', categorical: false },
  { name: 'doors', dtype: 'Int64', role: 'feature', categorical: false },
  { name: 'price', dtype: 'Float64', role: 'label', categorical: false },
];

const EXCEPT: Selection = {
  base: 'all',
  ordered: false,
  rules: [{ op: 'exclude', by: 'names', values: ['price'] }],
};

describe('selections', () => {
  test.each([
    ['price'],
    [['price', 'make']],
    [{ base: 'all' }],
    [{ base: 'none', ordered: true, rules: [] }],
  ])('any spelling has a long form that says the same', (value) => {
    expect(selectionOf(jsonOf(selectionOf(value)))).toEqual(selectionOf(value));
  });

  test('a list of names is written as a list', () => {
    expect(jsonOf(selectionOf(['a', 'b']))).toEqual(['a', 'b']);
    expect(plainNames(selectionOf(['a', 'b']))).toEqual(['a', 'b']);
    expect(plainNames(EXCEPT)).toBeNull();
  });

  test.each([
    [EXCEPT, 3],
    [selectionOf({ base: 'none', rules: [{ op: 'include', by: 'types', values: ['numeric'] }] }), 3],
    [selectionOf({ base: 'none', rules: [{ op: 'include', by: 'types', values: ['categorical'] }] }), 1],
    [selectionOf({ base: 'none', rules: [{ op: 'include', by: 'indices', values: ['1,3-4'] }] }), 3],
    [selectionOf({ base: 'none', rules: [{ op: 'include', by: 'roles', values: ['label'] }] }), 1],
    [selectionOf({ base: 'none', rules: [{ op: 'include', by: 'roles', values: ['features'] }] }), 3],
    [selectionOf({ base: 'all', rules: [{ op: 'exclude', by: 'roles', values: ['scores'] }] }), 4],
  ])('the number of columns is told before a run', (selection, count) => {
    expect(countOf(selection, COLUMNS)).toBe(count);
  });
});
