import { Group, NumberInput, Pagination, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQueries, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../api/types';
import { formatCount } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { type Block, blocksOf, keyOf, PAGE_ROWS, pageCount, placeOf, type Span } from './blocks';
import { ColumnPanel } from './ColumnPanel';
import { ColumnHead, RowOfCells } from './cells';
import { blockQuery, figuresQuery, shapeQuery } from './queries';
import classes from './Results.module.css';

const ROW_HEIGHT = 30;
const COLUMN_WIDTH = 140;
/** A date with its time is read whole. */
const MOMENT_WIDTH = 190;
const INDEX_WIDTH = 72;
// Scrolling past a block asks for nothing.
const SETTLE_MS = 60;

/** Rows of a table of any size: only what is seen is fetched and drawn. */
export function TableView({ digest }: { digest: string }) {
  const { t } = useTranslation('results');
  const shape = useQuery(shapeQuery(digest));
  if (shape.isPending) return <Loading />;
  if (shape.isError) return <Notice title={t('failed')}>{shape.error.message}</Notice>;
  const { columns, total_rows: total } = shape.data;
  return <Pages digest={digest} columns={columns} total={total} />;
}

interface TableProps {
  digest: string;
  columns: Column[];
  total: number;
}

/** More rows than one page can scroll through are divided into several. */
function Pages({ digest, columns, total }: TableProps) {
  const { t } = useTranslation('results');
  const [page, setPage] = useState(0);
  const [target, setTarget] = useState<{ row: number } | null>(null);
  const [selected, setSelected] = useState<number | null>(null);
  const pages = pageCount(total);
  const go = (row: number) => {
    setPage(Math.floor(row / PAGE_ROWS));
    setTarget({ row });
  };
  return (
    <div className={classes.tableArea}>
      <div className={classes.tableMain}>
        <Grid
          key={page}
          digest={digest}
          columns={columns}
          total={total}
          first={page * PAGE_ROWS}
          target={target}
          selected={selected}
          onSelect={setSelected}
        />
        {total > 0 && (
          <Group className={classes.foot} gap="md">
            <GoToRow total={total} onGo={go} />
            {pages > 1 && (
              <>
                <Pagination
                  size="xs"
                  total={pages}
                  value={page + 1}
                  onChange={(number) => go((number - 1) * PAGE_ROWS)}
                  getControlProps={(control) => ({ 'aria-label': t(`page_${control}`) })}
                  getItemProps={(number) => ({ 'aria-label': t('page', { number }) })}
                />
                <Text size="xs" c="var(--text-soft)">
                  {t('rows_shown', {
                    first: formatCount(page * PAGE_ROWS + 1),
                    last: formatCount(Math.min((page + 1) * PAGE_ROWS, total)),
                    total: formatCount(total),
                  })}
                </Text>
              </>
            )}
          </Group>
        )}
      </div>
      {selected !== null && (
        <ColumnPanel digest={digest} columns={columns} index={selected} onClose={() => setSelected(null)} />
      )}
    </div>
  );
}

function GoToRow({ total, onGo }: { total: number; onGo: (row: number) => void }) {
  const { t } = useTranslation('results');
  const [number, setNumber] = useState<number | string>('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof number === 'number') onGo(Math.min(Math.max(number, 1), total) - 1);
      }}
    >
      <NumberInput
        size="xs"
        w={120}
        aria-label={t('go_to_row')}
        placeholder={t('go_to_row')}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        value={number}
        onChange={setNumber}
      />
    </form>
  );
}

interface GridProps extends TableProps {
  /** The row of the table with which this page begins. */
  first: number;
  target: { row: number } | null;
  selected: number | null;
  onSelect: (index: number) => void;
}

function Grid({ digest, columns, total, first, target, selected, onSelect }: GridProps) {
  const { t } = useTranslation('results');
  const box = useRef<HTMLElement>(null);
  const count = Math.min(total - first, PAGE_ROWS);
  const vertical = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const horizontal = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (columns[index]?.dtype.startsWith('Datetime') ? MOMENT_WIDTH : COLUMN_WIDTH),
    paddingStart: INDEX_WIDTH,
    overscan: 3,
  });
  useEffect(() => {
    if (target) vertical.scrollToIndex(target.row - first, { align: 'start' });
  }, [target, first, vertical]);

  const rows = vertical.getVirtualItems();
  const shown = horizontal.getVirtualItems();
  const names = useMemo(() => columns.map((column) => column.name), [columns]);
  const cells = useCells(digest, names, spanOf(rows, first), spanOf(shown, 0));
  const figures = useFigures(digest, names, spanOf(shown, 0));

  const before = (shown[0]?.start ?? INDEX_WIDTH) - INDEX_WIDTH;
  const width = horizontal.getTotalSize();
  return (
    <section
      ref={box}
      className={classes.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('table')}
      data-testid="table"
    >
      <table
        className={classes.table}
        style={{ width }}
        aria-rowcount={total + 1}
        aria-colcount={columns.length + 1}
      >
        <thead className={classes.tableHead}>
          <tr className={classes.headRow} aria-rowindex={1}>
            <th className={classes.corner} style={{ width: INDEX_WIDTH }} scope="col" aria-label={t('row')} />
            <td style={{ width: before }} aria-hidden />
            {shown.map(({ index, size }) => {
              const column = columns[index];
              if (!column) return null;
              return (
                <ColumnHead
                  key={index}
                  column={column}
                  figures={figures.get(index)}
                  index={index}
                  width={size}
                  selected={selected === index}
                  onSelect={onSelect}
                />
              );
            })}
          </tr>
        </thead>
        <tbody className={classes.rows} style={{ height: vertical.getTotalSize() }}>
          {rows.map(({ index, start }) => (
            <RowOfCells
              key={index}
              row={first + index}
              top={start}
              indexWidth={INDEX_WIDTH}
              before={before}
              columns={columns}
              shown={shown}
              cells={cells}
            />
          ))}
        </tbody>
      </table>
      {total === 0 && <Notice title={t('empty')} />}
    </section>
  );
}

function spanOf(items: { index: number }[], offset: number): Span | null {
  const [first, last] = [items[0], items.at(-1)];
  return first && last ? { first: offset + first.index, last: offset + last.index } : null;
}

export type Cells = (row: number, column: number) => { value: unknown } | null;

/** Values of the cells that have arrived; null for those on their way. */
function useCells(digest: string, names: string[], rows: Span | null, columns: Span | null): Cells {
  const wanted = rows && columns ? blocksOf(rows, columns) : [];
  const [settled] = useDebouncedValue(wanted.map(keyOf).join(' '), SETTLE_MS);
  const blocks = useMemo((): Block[] => {
    return settled.split(' ').flatMap((key) => {
      const [row, column] = key.split(':').map(Number);
      return row === undefined || column === undefined ? [] : [{ row, column }];
    });
  }, [settled]);
  const found = useQueries({
    queries: blocks.map((block) => blockQuery(digest, names, block)),
  });
  const byBlock = new Map(blocks.map((block, index) => [keyOf(block), found[index]?.data]));
  return (row, column) => {
    const place = placeOf(row, column);
    const values = byBlock.get(keyOf(place.block))?.[place.row];
    return values ? { value: values[place.column] } : null;
  };
}

function useFigures(digest: string, names: string[], columns: Span | null) {
  const wanted = columns ? blocksOf({ first: 0, last: 0 }, columns).map((block) => block.column) : [];
  const [settled] = useDebouncedValue(wanted.join(' '), SETTLE_MS);
  const blocks = useMemo(() => settled.split(' ').filter(Boolean).map(Number), [settled]);
  const found = useQueries({ queries: blocks.map((block) => figuresQuery(digest, names, block)) });
  const byName = new Map(found.flatMap(({ data }) => (data ?? []).map((column) => [column.name, column])));
  return { get: (index: number) => byName.get(names[index] ?? '') };
}
