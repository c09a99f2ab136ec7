import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import type { ColumnStatistics } from '../../api/types';
import { formatCount, formatNumber } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import classes from './Results.module.css';

/** Figures and a histogram of every column. */
export function ColumnFigures({ digest }: { digest: string }) {
  const { t } = useTranslation('results');
  const figures = useQuery({
    queryKey: ['statistics', digest],
    queryFn: () =>
      data<ColumnStatistics[]>(
        api.GET('/api/artifacts/{digest}/statistics', { params: { path: { digest } } }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (figures.isPending) return <Loading />;
  if (figures.isError) return <Notice title={t('failed')}>{figures.error.message}</Notice>;
  return (
    <Table
      stickyHeader
      fz="sm"
      verticalSpacing={6}
      horizontalSpacing="md"
      style={{ fontVariantNumeric: 'tabular-nums' }}
    >
      <Table.Thead>
        <Table.Tr>
          {[
            'column',
            'type',
            'histogram',
            'missing',
            'unique',
            'minimum',
            'maximum',
            'mean',
            'median',
            'deviation',
          ].map((name) => (
            <Table.Th key={name}>{t(name)}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {figures.data.map((column) => (
          <Table.Tr key={column.name}>
            <Table.Td fw={550}>{column.name}</Table.Td>
            <Table.Td c="var(--text-soft)">{column.dtype}</Table.Td>
            <Table.Td>
              <Bars column={column} />
            </Table.Td>
            <Table.Td>{formatCount(column.missing)}</Table.Td>
            <Table.Td>{formatCount(column.unique)}</Table.Td>
            <Table.Td>{shown(column.minimum)}</Table.Td>
            <Table.Td>{shown(column.maximum)}</Table.Td>
            <Table.Td>{formatNumber(column.mean)}</Table.Td>
            <Table.Td>{formatNumber(column.median)}</Table.Td>
            <Table.Td>{formatNumber(column.standard_deviation)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function shown(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
  return value === null || value === undefined ? '–' : String(value).slice(0, 40);
}

function Bars({ column: { name, histogram } }: { column: ColumnStatistics }) {
  const { t } = useTranslation('results');
  if (!histogram) return null;
  const most = Math.max(...histogram.counts, 1);
  const labels = histogram.counts.map((count, index) => {
    const [low, high] = [histogram.edges?.[index], histogram.edges?.[index + 1]];
    const place = histogram.labels?.[index] ?? `${formatNumber(low, 3)} – ${formatNumber(high, 3)}`;
    return `${place}: ${formatCount(count)}`;
  });
  return (
    <div className={classes.bars} role="img" aria-label={`${t('histogram')}: ${name}`}>
      {histogram.counts.map((count, index) => (
        <div
          key={labels[index]}
          className={classes.bar}
          style={{ height: `${(100 * count) / most}%` }}
          title={labels[index]}
        />
      ))}
    </div>
  );
}
