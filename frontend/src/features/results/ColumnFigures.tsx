import { useQueries, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column, ColumnStatistics } from '../../api/types';
import { Loading, Notice } from '../../ui/Notice';
import { Bars } from './Bars';
import { placeOf } from './blocks';
import { FIGURES, figureOf } from './figures';
import { figuresQuery, shapeQuery } from './queries';
import classes from './Results.module.css';

const ROW_HEIGHT = 46;

/** Figures and a histogram of every column; many columns are fetched as they come into view. */
export function ColumnFigures({ digest }: { digest: string }) {
  const { t } = useTranslation('results');
  const shape = useQuery(shapeQuery(digest));
  if (shape.isPending) return <Loading />;
  if (shape.isError) return <Notice title={t('failed')}>{shape.error.message}</Notice>;
  return <Figures digest={digest} columns={shape.data.columns} />;
}

function Figures({ digest, columns }: { digest: string; columns: Column[] }) {
  const { t } = useTranslation('results');
  const box = useRef<HTMLElement>(null);
  const list = useVirtualizer({
    count: columns.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 6,
  });
  const rows = list.getVirtualItems();
  const names = columns.map((column) => column.name);
  const blocks = [...new Set(rows.map(({ index }) => placeOf(0, index).block.column))];
  const found = useQueries({ queries: blocks.map((block) => figuresQuery(digest, names, block)) });
  const failed = found.find((query) => query.isError);
  if (failed) return <Notice title={t('failed')}>{failed.error?.message}</Notice>;
  const byName = new Map(found.flatMap(({ data }) => (data ?? []).map((item) => [item.name, item])));
  return (
    <section
      ref={box}
      className={classes.scroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={t('columns')}
      data-testid="figures"
    >
      <table className={classes.figures} aria-rowcount={columns.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {(['column', 'type', 'histogram', ...FIGURES] as const).map((name) => (
              <th key={name} scope="col" className={classes.heading}>
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap height={rows[0]?.start ?? 0} />
          {rows.map(({ index }) => {
            const column = columns[index];
            return (
              column && <Row key={index} index={index} column={column} figures={byName.get(column.name)} />
            );
          })}
          <Gap height={list.getTotalSize() - (rows.at(-1)?.end ?? 0)} />
        </tbody>
      </table>
    </section>
  );
}

function Gap({ height }: { height: number }) {
  return height > 0 ? (
    <tr aria-hidden>
      <td colSpan={3 + FIGURES.length} style={{ height, padding: 0 }} />
    </tr>
  ) : null;
}

interface RowProps {
  index: number;
  column: Column;
  figures: ColumnStatistics | undefined;
}

function Row({ index, column, figures }: RowProps) {
  return (
    <tr style={{ height: ROW_HEIGHT }} aria-rowindex={index + 2}>
      <th scope="row" className={classes.rowHead} title={column.name}>
        {column.name}
      </th>
      <td className={classes.quiet}>{column.dtype}</td>
      <td>{figures && <Bars column={figures} />}</td>
      {FIGURES.map((figure) => (
        <td key={figure}>{figures ? figureOf(figures, figure) : ''}</td>
      ))}
    </tr>
  );
}
