import { LineChart } from '@mantine/charts';
import { Slider, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format';
import { CHART_HEIGHT, Chart, colorOf } from './Chart';
import {
  type CurvePoint,
  confusionAt,
  type EvaluatedSet,
  figuresOf,
  precisionRecallOf,
  rocOf,
} from './evaluation';
import { Matrix } from './Matrix';

const DIAGONAL = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
] as const;

/** How well two classes are told apart at every threshold, and what one threshold means. */
export function TwoClassCharts({ sets }: { sets: EvaluatedSet[] }) {
  const { t } = useTranslation('results');
  const roc = useMemo(() => rocOf(sets), [sets]);
  const precisionRecall = useMemo(() => precisionRecallOf(sets), [sets]);
  return (
    <>
      <Chart title={t('roc')}>
        <Curve
          sets={sets}
          points={roc}
          x={t('false_positive_rate')}
          y={t('true_positive_rate')}
          withDiagonal
        />
      </Chart>
      <Chart title={t('precision_recall')}>
        <Curve sets={sets} points={precisionRecall} x={t('recall')} y={t('precision')} />
      </Chart>
      <Chart title={t('confusion')}>
        <AtThreshold sets={sets} />
      </Chart>
    </>
  );
}

interface CurveProps {
  sets: EvaluatedSet[];
  points: CurvePoint[];
  x: string;
  y: string;
  /** What guessing would give. */
  withDiagonal?: boolean;
}

function Curve({ sets, points, x, y, withDiagonal }: CurveProps) {
  const { t } = useTranslation('results');
  const axis = {
    type: 'number' as const,
    domain: [0, 1],
    ticks: [0, 0.25, 0.5, 0.75, 1],
    tickFormatter: (value: number) => formatNumber(value, 2),
  };
  return (
    <LineChart
      h={CHART_HEIGHT}
      dataKey="x"
      data={points}
      series={sets.map((set, index) => ({ name: set.name, label: t(set.name), color: colorOf(index) }))}
      withDots={false}
      connectNulls
      curveType="linear"
      withLegend={sets.length > 1}
      lineProps={{ isAnimationActive: false }}
      xAxisProps={axis}
      yAxisProps={axis}
      xAxisLabel={x}
      yAxisLabel={y}
      valueFormatter={(value) => formatNumber(value, 4)}
      referenceLines={withDiagonal ? [{ segment: DIAGONAL, color: 'gray.5' }] : []}
    />
  );
}

const STEP = 0.005;

function AtThreshold({ sets }: { sets: EvaluatedSet[] }) {
  const { t } = useTranslation('results');
  const [threshold, setThreshold] = useState(0.5);
  return (
    <>
      <Text size="sm" mb={4}>
        {t('threshold')}: {formatNumber(threshold, 3)}
      </Text>
      <Slider
        min={0}
        max={1}
        step={STEP}
        value={threshold}
        onChange={setThreshold}
        label={null}
        thumbLabel={t('threshold')}
        mb="md"
        data-testid="threshold"
      />
      <Stack gap="md">
        {sets.map((set) => (
          <Confusion key={set.name} set={set} threshold={threshold} titled={sets.length > 1} />
        ))}
      </Stack>
    </>
  );
}

function Confusion({ set, threshold, titled }: { set: EvaluatedSet; threshold: number; titled: boolean }) {
  const { t } = useTranslation('results');
  const at = confusionAt(set, threshold);
  if (!at) return null;
  return (
    <div data-testid={`confusion-${set.name}`}>
      {titled && (
        <Text size="sm" fw={550}>
          {t(set.name)}
        </Text>
      )}
      <Matrix
        classes={[set.positive ?? '', set.negative ?? '']}
        matrix={[
          [at.tp, at.fn],
          [at.fp, at.tn],
        ]}
      />
      <Text size="sm" mt={6}>
        {Object.entries(figuresOf(at))
          .map(([name, value]) => `${name} ${formatNumber(value, 4)}`)
          .join(' · ')}
      </Text>
    </div>
  );
}
