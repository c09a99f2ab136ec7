import { BarChart, ScatterChart } from '@mantine/charts';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format';
import { CHART_HEIGHT, Chart, colorOf } from './Chart';
import { type EvaluatedSet, middleOf, rangeOf, ticksOf } from './evaluation';

// Room for numbers beside the name of the axis.
const AXIS_WIDTH = 76;

/** How near predictions are to the truth, point by point and as a spread of what is left. */
export function RegressionCharts({ sets }: { sets: EvaluatedSet[] }) {
  const { t } = useTranslation('results');
  const ticks = ticksOf(...rangeOf(sets));
  const [low = 0, high = 1] = [ticks[0], ticks.at(-1)];
  const axis = {
    domain: [low, high],
    ticks,
    tickFormatter: (value: number) => formatNumber(value, 3),
  };
  return (
    <>
      <Chart title={t('predicted_actual')}>
        <ScatterChart
          h={CHART_HEIGHT}
          dataKey={{ x: 'actual', y: 'predicted' }}
          labels={{ x: t('actual'), y: t('predicted') }}
          xAxisLabel={t('actual')}
          yAxisLabel={t('predicted')}
          withLegend={sets.length > 1}
          valueFormatter={(value) => formatNumber(value, 4)}
          xAxisProps={axis}
          yAxisProps={{ ...axis, width: AXIS_WIDTH }}
          scatterProps={{ isAnimationActive: false }}
          // Perfect predictions lie on this line.
          referenceLines={[
            {
              segment: [
                { x: low, y: low },
                { x: high, y: high },
              ],
              color: 'gray.5',
            },
          ]}
          data={sets.map((set, index) => ({
            color: colorOf(index),
            name: t(set.name),
            data: (set.points ?? []).map(([actual, predicted]) => ({ actual, predicted })),
          }))}
        />
      </Chart>
      {sets.map((set, index) => (
        <Chart key={set.name} title={sets.length > 1 ? `${t('residuals')}: ${t(set.name)}` : t('residuals')}>
          <Residuals set={set} color={colorOf(index)} />
        </Chart>
      ))}
    </>
  );
}

function Residuals({ set, color }: { set: EvaluatedSet; color: string }) {
  const { t } = useTranslation('results');
  const { edges = [], counts = [] } = set.residual_histogram ?? {};
  return (
    <BarChart
      h={CHART_HEIGHT}
      dataKey="place"
      barProps={{ isAnimationActive: false }}
      barChartProps={{ barCategoryGap: 1 }}
      series={[{ name: 'count', label: t('rows_count'), color }]}
      data={counts.map((count, bin) => ({ place: formatNumber(middleOf(edges, bin), 3), count }))}
    />
  );
}
