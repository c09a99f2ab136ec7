import { Group, Progress, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../api/types';
import { useLiveRun } from '../../editor/Editor';
import { doneCount, FINAL_RUN } from '../../pipeline/runState';
import { formatSeconds } from '../../ui/format';
import { RunBadge } from '../../ui/RunBadge';
import classes from './Runs.module.css';

/** How far a run is, how it stands or ended, and how long it takes. */
export function RunStatus({ run }: { run: Run }) {
  const { t } = useTranslation('runs');
  const total = Object.keys(run.nodes).length;
  const done = doneCount(run);
  const active = !FINAL_RUN.has(run.status);
  return (
    <Group gap={8} wrap="nowrap" data-testid="run-status" data-status={run.status}>
      {active && (
        <>
          <Connection />
          <Text size="xs" className={classes.soft}>
            {t('progress', { done, total })}
          </Text>
          <Progress
            value={total === 0 ? 0 : (100 * done) / total}
            w={90}
            size="sm"
            aria-label={t('progress', { done, total })}
          />
        </>
      )}
      {/* Only the status is read out: the clock beside it never rests. */}
      <span role="status">
        <RunBadge status={run.status} />
      </span>
      <Elapsed run={run} />
    </Group>
  );
}

// A connection that is made anew within this time is nobody's concern.
const PATIENCE_MS = 1500;

function Connection() {
  const { t } = useTranslation('runs');
  const connected = useLiveRun((state) => state.connected);
  const [settled] = useDebouncedValue(connected, PATIENCE_MS);
  if (connected || settled) return null;
  return (
    <Text size="xs" className={classes.soft}>
      {t('reconnecting')}
    </Text>
  );
}

const TICK_MS = 200;

function Elapsed({ run }: { run: Run }) {
  const [now, setNow] = useState(Date.now);
  const ended = run.finished_at !== null;
  useEffect(() => {
    if (ended) return;
    const timer = window.setInterval(() => setNow(Date.now()), TICK_MS);
    return () => window.clearInterval(timer);
  }, [ended]);
  const end = run.finished_at ? Date.parse(run.finished_at) : now;
  const seconds = Math.max((end - Date.parse(run.started_at ?? run.created_at)) / 1000, 0);
  return (
    <Text size="sm" className={classes.clock}>
      {formatSeconds(seconds)}
    </Text>
  );
}
