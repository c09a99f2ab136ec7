import { useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import type { Column, TablePage } from '../../api/types';
import { Loading, Notice } from '../../ui/Notice';
import classes from './Results.module.css';

const PAGE_ROWS = 200;
const ROW_HEIGHT = 30;
const COLUMN_WIDTH = 140;
const NUMBER = /^(U?Int|Float|Decimal)/;

/** Rows of any number of rows and columns: only what is seen is fetched and drawn. */
export function TableView({ digest }: { digest: string }) {
  const { t } = useTranslation('results');
  const pages = useInfiniteQuery({
    queryKey: ['table', digest],
    queryFn: ({ pageParam }) =>
      data<TablePage>(
        api.GET('/api/artifacts/{digest}/table', {
          params: { path: { digest }, query: { offset: pageParam, limit: PAGE_ROWS } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last, all) => {
      const seen = all.reduce((sum, page) => sum + page.rows.length, 0);
      return seen < last.total_rows ? seen : undefined;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (pages.isPending) return <Loading />;
  if (pages.isError) return <Notice title={t('failed')}>{pages.error.message}</Notice>;
  const [first] = pages.data.pages;
  if (!first) return null;
  return (
    <Grid
      columns={first.columns}
      rows={pages.data.pages.flatMap((page) => page.rows)}
      total={first.total_rows}
      fetchMore={() => {
        if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
      }}
    />
  );
}

interface GridProps {
  columns: Column[];
  rows: unknown[][];
  total: number;
  fetchMore: () => void;
}

function Grid({ columns, rows, total, fetchMore }: GridProps) {
  const { t } = useTranslation('results');
  const box = useRef<HTMLDivElement>(null);
  const vertical = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const horizontal = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => box.current,
    estimateSize: () => COLUMN_WIDTH,
    overscan: 3,
  });
  const shownRows = vertical.getVirtualItems();
  const shownColumns = horizontal.getVirtualItems();
  const lastRow = shownRows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastRow > rows.length - PAGE_ROWS / 2 && rows.length < total) fetchMore();
  }, [lastRow, rows.length, total, fetchMore]);

  const before = shownColumns[0]?.start ?? 0;
  const width = horizontal.getTotalSize();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div ref={box} className={classes.panel} style={{ height: '100%' }} tabIndex={0} data-testid="table">
      <div className={classes.headRow} style={{ width, paddingLeft: before }}>
        {shownColumns.map(({ index, size }) => (
          <div key={index} className={classes.headCell} style={{ width: size }} title={columns[index]?.name}>
            {columns[index]?.name}
            <span className={classes.type}>
              {columns[index]?.dtype}
              {columns[index]?.role !== 'feature' && ` · ${columns[index]?.role.replaceAll('_', ' ')}`}
            </span>
          </div>
        ))}
      </div>
      {total === 0 && <Notice title={t('empty')} />}
      <div className={classes.table} style={{ width, height: vertical.getTotalSize() }}>
        {shownRows.map(({ index: row, start }) => (
          <div key={row} className={classes.row} style={{ top: start, paddingLeft: before }}>
            {shownColumns.map(({ index, size }) => (
              <Cell key={index} value={rows[row]?.[index]} dtype={columns[index]?.dtype ?? ''} width={size} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function Cell({ value, dtype, width }: { value: unknown; dtype: string; width: number }) {
  const missing = value === null || value === undefined;
  const text = missing ? '–' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return (
    <div
      className={classes.cell}
      style={{ width }}
      data-number={NUMBER.test(dtype) || undefined}
      data-missing={missing || undefined}
      title={text}
    >
      {text}
    </div>
  );
}
