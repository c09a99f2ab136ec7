import { useTranslation } from 'react-i18next';
import type { Column, ColumnStatistics } from '../../api/types';
import { formatCount } from '../../ui/format';
import { Bars } from './Bars';
import classes from './Results.module.css';
import type { Cells } from './TableView';

const DIGITS = 7;
const NUMBER = /^(U?Int|Float|Decimal)/;

interface HeadProps {
  column: Column;
  figures: ColumnStatistics | undefined;
  index: number;
  width: number;
  selected: boolean;
  onSelect: (index: number) => void;
}

/** A column's name, type and spread; pressing it opens all of its figures. */
export function ColumnHead({ column, figures, index, width, selected, onSelect }: HeadProps) {
  const { t } = useTranslation('results');
  const role = column.role === 'feature' ? '' : ` · ${column.role.replaceAll('_', ' ')}`;
  return (
    <th
      className={classes.headCell}
      style={{ width }}
      scope="col"
      aria-colindex={index + 2}
      data-selected={selected || undefined}
    >
      <button
        type="button"
        className={classes.headButton}
        onClick={() => onSelect(index)}
        title={column.name}
      >
        <span className={classes.name}>{column.name}</span>
        <span className={classes.type}>
          {column.dtype}
          {role}
        </span>
      </button>
      <div className={classes.spread}>{figures && <Bars column={figures} />}</div>
      {figures !== undefined && figures.missing > 0 && (
        <span className={classes.type}>{t('missing_count', { shown: formatCount(figures.missing) })}</span>
      )}
    </th>
  );
}

interface RowProps {
  row: number;
  top: number;
  indexWidth: number;
  before: number;
  columns: Column[];
  shown: { index: number; size: number }[];
  cells: Cells;
}

export function RowOfCells({ row, top, indexWidth, before, columns, shown, cells }: RowProps) {
  return (
    <tr className={classes.row} style={{ top }} aria-rowindex={row + 2}>
      <th className={classes.rowNumber} style={{ width: indexWidth }} scope="row">
        {formatCount(row + 1)}
      </th>
      <td style={{ width: before }} aria-hidden />
      {shown.map(({ index, size }) => (
        <Cell
          key={index}
          cell={cells(row, index)}
          dtype={columns[index]?.dtype ?? ''}
          index={index}
          width={size}
        />
      ))}
    </tr>
  );
}

interface CellProps {
  cell: { value: unknown } | null;
  dtype: string;
  index: number;
  width: number;
}

function Cell({ cell, dtype, index, width }: CellProps) {
  const missing = cell !== null && (cell.value === null || cell.value === undefined);
  const text = cell === null ? '' : textOf(cell.value);
  return (
    <td
      className={classes.cell}
      style={{ width }}
      aria-colindex={index + 2}
      data-number={NUMBER.test(dtype) || undefined}
      data-missing={missing || undefined}
      data-waiting={cell === null || undefined}
      title={text}
    >
      {shortened(text, dtype)}
    </td>
  );
}

/** What fits into a cell and is read at a glance; the whole of it is told when the pointer rests on it. */
export function shortened(text: string, dtype: string): string {
  if (dtype.startsWith('Float') && Number.isFinite(Number(text))) return rounded(Number(text));
  if (dtype.startsWith('Datetime')) return text.replace('T', ' ').replace(/\.0+(?=$|[Z+-])/, '');
  return text;
}

/** So many digits, and never fewer than stand before the point. */
function rounded(value: number): string {
  const whole = 10 ** DIGITS;
  const isLarge = Math.abs(value) >= whole && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return String(isLarge ? Math.round(value) : Number(value.toPrecision(DIGITS)));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
