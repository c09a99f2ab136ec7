import { Tooltip } from '@mantine/core';
import { IconPlayerPlay, IconRecycle, IconRecycleOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Explanation } from '../../api/types';
import { useView } from '../../editor/Editor';
import { sentenceOf } from '../../pipeline/explanation';
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
  const text = [sentenceOf(forecast, t), ...(forecast.ends_reuse ? [t('ends_reuse_text')] : [])].join('\n');
  return (
    <WithReason text={text}>
      <span
        className={classes.forecast}
        role="img"
        aria-label={t(`mark_${mark}`)}
        data-testid={`forecast-${id}`}
        data-mark={mark}
      >
        <Icon size={14} stroke={1.8} />
      </span>
    </WithReason>
  );
}

/** Something that tells a reason while the pointer is on it. */
export function WithReason({ text, children }: { text: string | undefined; children: ReactNode }) {
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
  if (!pointed || !text) return place;
  return (
    <Tooltip opened label={text} multiline maw={360} style={{ whiteSpace: 'pre-line' }}>
      {place}
    </Tooltip>
  );
}
