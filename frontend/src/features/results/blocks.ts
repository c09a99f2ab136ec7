/** Which parts of a table are fetched: blocks of rows and columns, so that any size can be looked into. */

export const BLOCK_ROWS = 200;
export const BLOCK_COLUMNS = 40;
/** Rows that one page scrolls through: at heights of several million pixels browsers place things by the pixel no more. */
export const PAGE_ROWS = 50_000;

export interface Block {
  row: number;
  column: number;
}

export interface Span {
  first: number;
  last: number;
}

/** The blocks that a window of rows and columns touches. */
export function blocksOf(rows: Span, columns: Span): Block[] {
  const found: Block[] = [];
  for (let row = Math.floor(rows.first / BLOCK_ROWS); row <= Math.floor(rows.last / BLOCK_ROWS); row += 1) {
    for (
      let column = Math.floor(columns.first / BLOCK_COLUMNS);
      column <= Math.floor(columns.last / BLOCK_COLUMNS);
      column += 1
    ) {
      found.push({ row, column });
    }
  }
  return found;
}

export function keyOf({ row, column }: Block): string {
  return `${row}:${column}`;
}

/** Where a cell lies: its block, and its place inside. */
export function placeOf(row: number, column: number): { block: Block; row: number; column: number } {
  return {
    block: { row: Math.floor(row / BLOCK_ROWS), column: Math.floor(column / BLOCK_COLUMNS) },
    row: row % BLOCK_ROWS,
    column: column % BLOCK_COLUMNS,
  };
}

export function pageCount(total: number): number {
  return Math.max(Math.ceil(total / PAGE_ROWS), 1);
}
