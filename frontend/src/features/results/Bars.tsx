import { useTranslation } from 'react-i18next';
import type { ColumnStatistics } from '../../api/types';
import { formatCount, formatNumber } from '../../ui/format';
import classes from './Results.module.css';

/** How the values of a column are spread; each bar tells its place and count when pointed at. */
export function Bars({ column, large }: { column: ColumnStatistics; large?: boolean }) {
  const { t } = useTranslation('results');
  const { name, histogram } = column;
  if (!histogram) return null;
  const most = Math.max(...histogram.counts, 1);
  const labels = histogram.counts.map((count, index) => {
    const [low, high] = [histogram.edges?.[index], histogram.edges?.[index + 1]];
    const place = histogram.labels?.[index] ?? `${formatNumber(low, 3)} – ${formatNumber(high, 3)}`;
    return `${place}: ${formatCount(count)}`;
  });
  return (
    <div
      className={classes.bars}
      data-large={large || undefined}
      role="img"
      aria-label={`${t('histogram')}: ${name}`}
    >
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
