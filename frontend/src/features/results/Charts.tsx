import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format';
import { CHART_HEIGHT, Chart, colorOf } from './Chart';
import type { EvaluatedSet, Evaluation } from './evaluation';
import { Lines, NamedBars, Quantiles } from './Lines';
import { Matrix } from './Matrix';
import { RegressionCharts } from './RegressionCharts';
import classes from './Results.module.css';
import { TwoClassCharts } from './TwoClassCharts';

/** Charts of an evaluation, one or two scored tables side by side. */
export default function Charts({ evaluation }: { evaluation: Evaluation }) {
  return (
    <div className={classes.charts}>
      <Metrics sets={evaluation.sets} />
      <ChartsOfTask evaluation={evaluation} />
    </div>
  );
}

function ChartsOfTask({ evaluation: { task, sets } }: { evaluation: Evaluation }) {
  switch (task) {
    case 'regression':
      return <RegressionCharts sets={sets} />;
    case 'two_class':
      return <TwoClassCharts sets={sets} />;
    case 'multiclass':
      return sets.map((set) => <Multiclass key={set.name} set={set} titled={sets.length > 1} />);
    case 'clustering':
      return sets.map((set, index) => (
        <Clusters key={set.name} set={set} index={index} titled={sets.length > 1} />
      ));
    case 'quantile_regression':
      return sets.map((set) => <Quantiles key={set.name} set={set} titled={sets.length > 1} />);
    case 'lines':
      return sets.map((set) => <Lines key={set.name} set={set} />);
    case 'bars':
      return sets.map((set) => <NamedBars key={set.name} set={set} />);
    default:
      return null;
  }
}

function Metrics({ sets }: { sets: EvaluatedSet[] }) {
  const { t } = useTranslation('results');
  const names = [...new Set(sets.flatMap((set) => Object.keys(set.metrics)))];
  if (names.length === 0) return null;
  return (
    <Chart title={t('metrics')}>
      <Table fz="sm" style={{ fontVariantNumeric: 'tabular-nums' }}>
        {sets.length > 1 && (
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('metric')}</Table.Th>
              {sets.map((set) => (
                <Table.Th key={set.name} ta="right">
                  {t(set.name)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
        )}
        <Table.Tbody>
          {names.map((name) => (
            <Table.Tr key={name}>
              <Table.Th fw={400}>{name.replaceAll('_', ' ')}</Table.Th>
              {sets.map((set) => (
                <Table.Td
                  key={set.name}
                  ta="right"
                  title={String(set.metrics[name] ?? '')}
                  data-testid={`result-${set.name}-${name}`}
                >
                  {formatNumber(set.metrics[name])}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Chart>
  );
}

function Multiclass({ set, titled }: { set: EvaluatedSet; titled: boolean }) {
  const { t } = useTranslation('results');
  return (
    <Chart title={titled ? `${t('confusion')}: ${t(set.name)}` : t('confusion')}>
      <Matrix classes={set.classes ?? []} matrix={set.matrix ?? []} />
    </Chart>
  );
}

function Clusters({ set, index, titled }: { set: EvaluatedSet; index: number; titled: boolean }) {
  const { t } = useTranslation('results');
  return (
    <Chart title={titled ? `${t('cluster_sizes')}: ${t(set.name)}` : t('cluster_sizes')}>
      <BarChart
        h={CHART_HEIGHT}
        dataKey="cluster"
        barProps={{ isAnimationActive: false }}
        series={[{ name: 'size', label: t('rows_count'), color: colorOf(index) }]}
        data={(set.sizes ?? []).map(({ cluster, size }) => ({ cluster: String(cluster), size }))}
      />
    </Chart>
  );
}
