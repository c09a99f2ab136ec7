import { BarChart, LineChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format';
import { CHART_HEIGHT, Chart } from './Chart';
import { type EvaluatedSet, linesOf } from './evaluation';

const COLORS = ['indigo.6', 'orange.6', 'teal.6', 'grape.6', 'red.6', 'cyan.6', 'lime.7', 'gray.6'] as const;

/** What goes with what: a line where places are numbers, bars where they are names. */
export function Lines({ set }: { set: EvaluatedSet }) {
  const data = linesOf(set);
  const lines = set.lines ?? [];
  const series = lines.map(({ name }, index) => ({ name, color: COLORS[index % COLORS.length] ?? 'gray.6' }));
  const shared = {
    h: CHART_HEIGHT,
    dataKey: 'place',
    data,
    series,
    withLegend: true,
    xAxisLabel: set.name,
    valueFormatter: (value: number) => formatNumber(value, 4),
    yAxisProps: { tickFormatter: (value: number) => formatNumber(value, 3) },
  };
  const isNumeric = data.every(({ place }) => typeof place === 'number');
  return (
    <Chart title={set.name}>
      {isNumeric ? (
        <LineChart
          {...shared}
          curveType="linear"
          connectNulls
          withDots={data.length <= 10}
          lineProps={{ isAnimationActive: false }}
          xAxisProps={{
            type: 'number',
            domain: ['dataMin', 'dataMax'],
            tickFormatter: (value: number) => formatNumber(value, 3),
          }}
        />
      ) : (
        <BarChart {...shared} barProps={{ isAnimationActive: false }} />
      )}
    </Chart>
  );
}

/** Numbers by name, in the order in which they come. */
export function NamedBars({ set }: { set: EvaluatedSet }) {
  const bars = set.bars ?? [];
  return (
    <Chart title={set.name}>
      <BarChart
        h={Math.max(CHART_HEIGHT, bars.length * 28)}
        orientation="vertical"
        dataKey="name"
        data={bars}
        series={[{ name: 'value', label: set.name, color: 'indigo.6' }]}
        barProps={{ isAnimationActive: false }}
        valueFormatter={(value) => formatNumber(value, 4)}
        yAxisProps={{ width: 140, interval: 0 }}
        xAxisProps={{ tickFormatter: (value: number) => formatNumber(value, 3) }}
      />
    </Chart>
  );
}

/** How many rows lie below each predicted quantile, beside how many should. */
export function Quantiles({ set, titled }: { set: EvaluatedSet; titled: boolean }) {
  const { t } = useTranslation('results');
  return (
    <Chart title={titled ? `${t('quantiles_below')}: ${t(set.name)}` : t('quantiles_below')}>
      <BarChart
        h={CHART_HEIGHT}
        dataKey="name"
        withLegend
        data={(set.quantiles ?? []).map(({ quantile, below }) => ({
          name: formatNumber(quantile),
          quantile,
          below,
        }))}
        series={[
          { name: 'quantile', label: t('wanted'), color: 'gray.5' },
          { name: 'below', label: t('found'), color: 'indigo.6' },
        ]}
        barProps={{ isAnimationActive: false }}
        valueFormatter={(value) => formatNumber(value, 4)}
      />
    </Chart>
  );
}
