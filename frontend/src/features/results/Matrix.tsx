import { useTranslation } from 'react-i18next';
import { formatCount } from '../../ui/format';
import classes from './Results.module.css';

// A full cell stays pale enough for its number to be read.
const DARKEST_PERCENT = 45;

/** Actual against predicted classes; a cell is the darker, the larger its share of the row. */
export function Matrix({ classes: names, matrix }: { classes: string[]; matrix: number[][] }) {
  const { t } = useTranslation('results');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.matrixBox} tabIndex={0} aria-label={t('confusion')}>
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
          {matrix.map((row, index) => (
            <Row key={names[index]} name={names[index] ?? ''} names={names} row={row} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ name, names, row }: { name: string; names: string[]; row: number[] }) {
  const total = row.reduce((sum, value) => sum + value, 0);
  return (
    <tr>
      <th scope="row">{name}</th>
      {row.map((value, column) => {
        const share = total === 0 ? 0 : value / total;
        const percent = `${Math.round(1000 * share) / 10} %`;
        return (
          <td
            key={names[column]}
            title={percent}
            style={{
              background: `color-mix(in srgb, var(--accent) ${Math.round(DARKEST_PERCENT * share)}%, transparent)`,
            }}
          >
            {formatCount(value)}
            <span className={classes.share}>{percent}</span>
          </td>
        );
      })}
    </tr>
  );
}
