/** What is asked of the server about a stored output; artifacts never change, so nothing is asked twice. */
import { queryOptions } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import type { ColumnStatistics, TablePage } from '../../api/types';
import { BLOCK_COLUMNS, BLOCK_ROWS, type Block } from './blocks';

const NEVER_CHANGES = { staleTime: Number.POSITIVE_INFINITY };

/** Columns and number of rows, without rows. */
export const shapeQuery = (digest: string) =>
  queryOptions({
    queryKey: ['table', digest, 'shape'],
    queryFn: ({ signal }) => page(digest, { offset: 0, limit: 0 }, signal),
    ...NEVER_CHANGES,
  });

export const blockQuery = (digest: string, names: string[], { row, column }: Block) =>
  queryOptions({
    queryKey: ['table', digest, row, column],
    queryFn: ({ signal }) =>
      page(
        digest,
        { offset: row * BLOCK_ROWS, limit: BLOCK_ROWS, columns: namesIn(names, column) },
        signal,
      ).then((found) => found.rows),
    ...NEVER_CHANGES,
  });

/** Figures of one block of columns. */
export const figuresQuery = (digest: string, names: string[], column: number) =>
  queryOptions({
    queryKey: ['statistics', digest, column],
    queryFn: ({ signal }) =>
      data<ColumnStatistics[]>(
        api.GET('/api/artifacts/{digest}/statistics', {
          params: { path: { digest }, query: { columns: namesIn(names, column) } },
          signal,
        }),
      ),
    ...NEVER_CHANGES,
  });

function namesIn(names: string[], column: number): string[] {
  return names.slice(column * BLOCK_COLUMNS, (column + 1) * BLOCK_COLUMNS);
}

function page(
  digest: string,
  query: { offset: number; limit: number; columns?: string[] },
  signal: AbortSignal,
): Promise<TablePage> {
  return data<TablePage>(
    api.GET('/api/artifacts/{digest}/table', { params: { path: { digest }, query }, signal }),
  );
}
