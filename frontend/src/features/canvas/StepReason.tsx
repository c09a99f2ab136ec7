import { Tooltip } from '@mantine/core';
import { IconPlayerPlay, IconRecycle, IconRecycleOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Explanation } from '../../api/types';
import { useView } from '../../editor/Editor';
import { Sentence } from '../../editor/Sentence';
import classes from './StepNode.module.css';

const MARKS: Partial<Record<Explanation['outcome'], typeof IconRecycle>> = {
  will_run: IconPlayerPlay,
  may_run: IconPlayerPlay,
  will_reuse: IconRecycle,
};

/** A mark of what the next run does with a node: run it, reuse its result, end reuse; the pointer tells why. */
export function StepForecast({ id }: { id: string }) {
  const { t } = useTranslation('engine');
  const forecast = useView((view) => view.forecast[id]);
  const Icon = forecast && (forecast.ends_reuse ? IconRecycleOff : MARKS[forecast.outcome]);
  if (!forecast || !Icon) return null;
  const mark = forecast.ends_reuse ? 'ends_reuse' : forecast.outcome;
  return (
    <WithReason explanation={forecast}>
      <span
        className={classes.forecast}
        role="img"
        aria-label={t(`mark_${mark}`)}
        data-testid={`forecast-${id}`}
        data-mark={mark}
      >
        <Icon size={16} stroke={1.7} />
      </span>
    </WithReason>
  );
}

/** Something that tells a reason while the pointer is on it. */
export function WithReason({
  explanation,
  children,
}: {
  explanation: Explanation | null;
  children: ReactNode;
}) {
  const { t } = useTranslation('engine');
  // Hundreds of tooltips that nobody sees would slow a large canvas down: there is one while the pointer is here.
  const [pointed, setPointed] = useState(false);
  const place = (
    <span
      className={classes.reason}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      {children}
    </span>
  );
  if (!pointed || !explanation) return place;
  const told = (
    <>
      <Sentence explanation={explanation} />
      {explanation.ends_reuse && <div>{t('ends_reuse_text')}</div>}
    </>
  );
  return (
    <Tooltip opened label={told} multiline maw={360}>
      {place}
    </Tooltip>
  );
}
