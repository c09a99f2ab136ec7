import '@mantine/charts/styles.css';
import { BarChart, LineChart, ScatterChart } from '@mantine/charts';
import { Box, Slider, Stack, Table, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format';
import { type Confusion, type EvaluatedSet, type Evaluation, figuresOf } from './evaluation';
import classes from './Results.module.css';

const COLORS = ['indigo.6', 'orange.6'];
const HEIGHT = 250;

/** Charts of an evaluation, one or two scored tables side by side. */
export default function Charts({ evaluation }: { evaluation: Evaluation }) {
  return (
    <div className={classes.charts}>
      <Metrics evaluation={evaluation} />
      {evaluation.task === 'regression' && <Regression sets={evaluation.sets} />}
      {evaluation.task === 'two_class' && <TwoClass sets={evaluation.sets} />}
      {evaluation.task === 'multiclass' &&
        evaluation.sets.map((set) => <Multiclass key={set.name} set={set} />)}
      {evaluation.task === 'clustering' &&
        evaluation.sets.map((set) => <Clusters key={set.name} set={set} />)}
    </div>
  );
}

function Chart({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Box>
      <Title order={3} size="h6" mb="xs">
        {title}
      </Title>
      {children}
    </Box>
  );
}

function Metrics({ evaluation: { sets } }: { evaluation: Evaluation }) {
  const { t } = useTranslation('results');
  const names = Object.keys(sets[0]?.metrics ?? {});
  return (
    <Chart title={t('metric')}>
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
              <Table.Td>{name.replaceAll('_', ' ')}</Table.Td>
              {sets.map((set) => (
                <Table.Td key={set.name} ta="right" data-testid={`result-${set.name}-${name}`}>
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

function Regression({ sets }: { sets: EvaluatedSet[] }) {
  const { t } = useTranslation('results');
  return (
    <>
      <Chart title={t('predicted_actual')}>
        <ScatterChart
          h={HEIGHT}
          dataKey={{ x: 'actual', y: 'predicted' }}
          xAxisLabel={t('actual')}
          yAxisLabel={t('predicted')}
          withLegend={sets.length > 1}
          valueFormatter={(value) => formatNumber(value, 4)}
          data={sets.map((set, index) => ({
            color: COLORS[index] ?? 'gray.6',
            name: t(set.name),
            data: (set.points ?? []).map(([actual, predicted]) => ({ actual, predicted })),
          }))}
        />
      </Chart>
      {sets.map((set, index) => (
        <Chart key={set.name} title={sets.length > 1 ? `${t('residuals')}: ${t(set.name)}` : t('residuals')}>
          <BarChart
            h={HEIGHT}
            dataKey="place"
            barProps={{ isAnimationActive: false }}
            series={[{ name: 'count', label: t('rows_count'), color: COLORS[index] ?? 'gray.6' }]}
            data={(set.residual_histogram?.counts ?? []).map((count, bin) => ({
              place: formatNumber(middle(set.residual_histogram?.edges, bin), 3),
              count,
            }))}
          />
        </Chart>
      ))}
    </>
  );
}

function middle(edges: number[] | undefined, bin: number): number {
  return ((edges?.[bin] ?? 0) + (edges?.[bin + 1] ?? 0)) / 2;
}

function TwoClass({ sets }: { sets: EvaluatedSet[] }) {
  const { t } = useTranslation('results');
  const [threshold, setThreshold] = useState(0.5);
  const series = sets.map((set, index) => ({
    name: set.name,
    label: t(set.name),
    color: COLORS[index] ?? 'gray.6',
  }));
  const line = {
    h: HEIGHT,
    dataKey: 'x',
    series,
    withDots: false,
    connectNulls: true,
    curveType: 'linear' as const,
  };
  const axis = { type: 'number' as const, domain: [0, 1], tickFormatter: (x: number) => formatNumber(x, 2) };
  return (
    <>
      <Chart title={t('roc')}>
        <LineChart
          {...line}
          withLegend={sets.length > 1}
          xAxisProps={axis}
          xAxisLabel={t('false_positive_rate')}
          yAxisLabel={t('true_positive_rate')}
          data={curveData(sets, ({ tp, fp, tn, fn }) => [
            fp / Math.max(fp + tn, 1),
            tp / Math.max(tp + fn, 1),
          ])}
        />
      </Chart>
      <Chart title={t('precision_recall')}>
        <LineChart
          {...line}
          withLegend={sets.length > 1}
          xAxisProps={axis}
          xAxisLabel={t('recall')}
          yAxisLabel={t('precision')}
          data={curveData(sets, (at) => [figuresOf(at).Recall ?? 0, figuresOf(at).Precision ?? 1])}
        />
      </Chart>
      <Chart title={t('confusion')}>
        <Text size="sm" mb={4}>
          {t('threshold')}: {formatNumber(threshold, 3)}
        </Text>
        <Slider
          min={0}
          max={1}
          step={0.005}
          value={threshold}
          onChange={setThreshold}
          label={null}
          thumbLabel={t('threshold')}
          mb="md"
          data-testid="threshold"
        />
        <Stack gap="md">
          {sets.map((set) => (
            <ConfusionAt key={set.name} set={set} threshold={threshold} titled={sets.length > 1} />
          ))}
        </Stack>
      </Chart>
    </>
  );
}

function curveData(
  sets: EvaluatedSet[],
  point: (at: Confusion) => [number, number],
): Record<string, number>[] {
  return sets
    .flatMap((set) =>
      (set.curve ?? []).map((at): Record<string, number> => {
        const [x, y] = point(at);
        return { x, [set.name]: y };
      }),
    )
    .sort((a, b) => (a.x ?? 0) - (b.x ?? 0));
}

function ConfusionAt({ set, threshold, titled }: { set: EvaluatedSet; threshold: number; titled: boolean }) {
  const { t } = useTranslation('results');
  const curve = set.curve ?? [];
  const at = curve[Math.round(threshold * (curve.length - 1))];
  if (!at) return null;
  const classesOf = [set.positive ?? '', set.negative ?? ''];
  const rows = [
    [at.tp, at.fn],
    [at.fp, at.tn],
  ];
  return (
    <div>
      {titled && (
        <Text size="sm" fw={550}>
          {t(set.name)}
        </Text>
      )}
      <Matrix classes={classesOf} matrix={rows} />
      <Text size="sm" mt={6}>
        {Object.entries(figuresOf(at))
          .map(([name, value]) => `${name} ${formatNumber(value, 4)}`)
          .join(' · ')}
      </Text>
    </div>
  );
}

function Multiclass({ set }: { set: EvaluatedSet }) {
  const { t } = useTranslation('results');
  return (
    <Chart title={`${t('confusion')}: ${t(set.name)}`}>
      <Matrix classes={set.classes ?? []} matrix={set.matrix ?? []} />
    </Chart>
  );
}

function Matrix({ classes: names, matrix }: { classes: string[]; matrix: number[][] }) {
  const { t } = useTranslation('results');
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <th scope="col">
              {t('actual')} ↓ · {t('predicted')} →
            </th>
            {names.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.map((row, index) => {
            const total = Math.max(
              row.reduce((sum, value) => sum + value, 0),
              1,
            );
            return (
              <tr key={names[index]}>
                <th scope="row">{names[index]}</th>
                {row.map((value, column) => (
                  <td
                    key={names[column]}
                    style={{
                      background: `color-mix(in srgb, var(--accent) ${Math.round((55 * value) / total)}%, transparent)`,
                    }}
                  >
                    {value}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Clusters({ set }: { set: EvaluatedSet }) {
  const { t } = useTranslation('results');
  return (
    <Chart title={t('cluster_sizes')}>
      <BarChart
        h={HEIGHT}
        dataKey="cluster"
        barProps={{ isAnimationActive: false }}
        series={[{ name: 'size', label: t('rows_count'), color: 'indigo.6' }]}
        data={(set.sizes ?? []).map(({ cluster, size }) => ({ cluster: String(cluster), size }))}
      />
    </Chart>
  );
}
