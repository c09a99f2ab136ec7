import { expect, test } from 'vitest';
import { matches, search } from './searching';

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

test('what is called so stands first, then titles that begin so, then words in them, then other texts', () => {
  const items = [
    { title: 'Partition and Sample', summary: 'split the rows' },
    { title: 'Tree Split', summary: '' },
    { title: 'Split Data', summary: '' },
    { title: 'Split', summary: '' },
    { title: 'Unsplit', summary: '' },
  ];
  const found = search(items, ' split', ({ summary }) => [summary]).map(({ title }) => title);
  expect(found).toEqual(['Split', 'Split Data', 'Tree Split', 'Unsplit', 'Partition and Sample']);
});

test('initial letters of words find a title before one that only holds them', () => {
  const items = [{ title: 'Cross Validate Model' }, { title: 'Train Model' }];
  expect(search(items, 'tr mo', () => []).map(({ title }) => title)).toEqual(['Train Model']);
  expect(search(items, 'model', () => []).map(({ title }) => title)).toEqual([
    'Cross Validate Model',
    'Train Model',
  ]);
});

test('without a query everything stays in its order', () => {
  const items = [{ title: 'b' }, { title: 'a' }];
  expect(search(items, ' ', () => [])).toEqual(items);
});
