import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Results.module.css';

const PROPERTY = '--results-size';
const STORED = 'designer.results-size';
const [LEAST, MOST, STEP] = [20, 85, 5];
const USUAL = 44;

/** The upper edge of the results: drag it, or move it with the arrow keys. */
export function ResizeHandle() {
  const { t } = useTranslation('results');
  const [percent, setPercent] = useState(() => within(Number(localStorage.getItem(STORED) ?? USUAL)));
  useEffect(() => {
    document.documentElement.style.setProperty(PROPERTY, `${percent}%`);
    localStorage.setItem(STORED, String(percent));
  }, [percent]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule that can be moved is a separator with a value, not an <hr>
    <div
      role="separator"
      tabIndex={0}
      aria-label={t('resize')}
      aria-orientation="horizontal"
      aria-valuenow={Math.round(percent)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      className={classes.resize}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={({ currentTarget, pointerId, clientY }) => {
        if (!currentTarget.hasPointerCapture(pointerId)) return;
        const area = currentTarget.closest('[data-results]')?.getBoundingClientRect();
        if (area) setPercent(within((100 * (area.bottom - clientY)) / area.height));
      }}
      onKeyDown={({ key }) => {
        if (key === 'ArrowUp') setPercent(within(percent + STEP));
        if (key === 'ArrowDown') setPercent(within(percent - STEP));
      }}
    />
  );
}

function within(percent: number): number {
  return Number.isFinite(percent) ? Math.min(Math.max(percent, LEAST), MOST) : USUAL;
}
