import { expect, test } from 'vitest';
import { BLOCK_COLUMNS, BLOCK_ROWS, blocksOf, PAGE_ROWS, pageCount, placeOf } from './blocks';

test('a window inside of one block needs that block', () => {
  expect(blocksOf({ first: 0, last: 20 }, { first: 0, last: 5 })).toEqual([{ row: 0, column: 0 }]);
});

test('a window over a corner needs four blocks', () => {
  const rows = { first: BLOCK_ROWS - 1, last: BLOCK_ROWS };
  const columns = { first: BLOCK_COLUMNS - 1, last: BLOCK_COLUMNS };
  expect(blocksOf(rows, columns)).toHaveLength(4);
});

test('every cell lies in one of the blocks of its window', () => {
  const place = placeOf(BLOCK_ROWS + 3, 2 * BLOCK_COLUMNS + 1);
  expect(place).toEqual({ block: { row: 1, column: 2 }, row: 3, column: 1 });
});

test('pages hold all rows, and an empty table has one', () => {
  expect([0, 1, PAGE_ROWS, PAGE_ROWS + 1].map(pageCount)).toEqual([1, 1, 1, 2]);
});
