/** The figures of a column as the page shows them. */
import type { ColumnStatistics } from '../../api/types';
import { formatCount, formatNumber } from '../../ui/format';

const LONGEST_VALUE = 40;

/** Keys of the texts, in the order of the columns of the table of figures. */
export const FIGURES = ['missing', 'unique', 'minimum', 'maximum', 'mean', 'median', 'deviation'] as const;

export function figureOf(column: ColumnStatistics, figure: (typeof FIGURES)[number]): string {
  switch (figure) {
    case 'missing':
    case 'unique':
      return formatCount(column[figure]);
    case 'minimum':
    case 'maximum':
      return shown(column[figure]);
    case 'mean':
    case 'median':
      return formatNumber(column[figure]);
    case 'deviation':
      return formatNumber(column.standard_deviation);
  }
}

function shown(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value);
  return value === null || value === undefined ? '–' : String(value).slice(0, LONGEST_VALUE);
}
