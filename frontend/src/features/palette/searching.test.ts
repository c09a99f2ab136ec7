import { expect, test } from 'vitest';
import { matches } from './searching';

test('each word may stand in another text', () => {
  expect(matches('clean DATA', 'Clean Missing Data', 'Data Transformation')).toBe(true);
  expect(matches('transformation clean', 'Clean Missing Data', 'Data Transformation')).toBe(true);
});

test('a word that stands nowhere does not match', () => {
  expect(matches('clean rows', 'Clean Missing Data')).toBe(false);
});

test('an empty query matches all', () => {
  expect(matches('  ', 'Clean Missing Data')).toBe(true);
});
