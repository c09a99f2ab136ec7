import { ActionIcon, Group, Text, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../api/types';
import { formatCount } from '../../ui/format';
import { Loading } from '../../ui/Notice';
import { Bars } from './Bars';
import { placeOf } from './blocks';
import { FIGURES, figureOf } from './figures';
import { figuresQuery } from './queries';
import classes from './Results.module.css';

interface Props {
  digest: string;
  columns: Column[];
  index: number;
  onClose: () => void;
}

/** All figures of one column, with its histogram in full. */
export function ColumnPanel({ digest, columns, index, onClose }: Props) {
  const { t } = useTranslation('results');
  const names = columns.map((column) => column.name);
  const { block, column: place } = placeOf(0, index);
  const found = useQuery(figuresQuery(digest, names, block.column));
  const column = found.data?.[place];
  return (
    <aside className={classes.columnPanel} aria-label={t('column')} data-testid="column-panel">
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <Title order={3} size="h6" style={{ overflowWrap: 'anywhere' }}>
          {names[index]}
        </Title>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('close_column')} onClick={onClose}>
          <IconX size={14} />
        </ActionIcon>
      </Group>
      {found.isPending && <Loading />}
      {found.isError && (
        <Text size="sm" c="var(--bad)">
          {found.error.message}
        </Text>
      )}
      {column && (
        <>
          <Bars column={column} large />
          {column.histogram?.labels && (
            <dl className={classes.facts}>
              {column.histogram.labels.map((label, at) => (
                <Fact key={label} name={label} value={formatCount(column.histogram?.counts[at] ?? 0)} />
              ))}
            </dl>
          )}
          <dl className={classes.facts}>
            <Fact
              name={t('type')}
              value={column.categorical ? `${column.dtype} · ${t('categorical')}` : column.dtype}
            />
            <Fact name={t('role')} value={column.role.replaceAll('_', ' ')} />
            {FIGURES.map((figure) => (
              <Fact key={figure} name={t(figure)} value={figureOf(column, figure)} />
            ))}
          </dl>
        </>
      )}
    </aside>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
