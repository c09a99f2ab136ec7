import { Loader } from '@mantine/core';
import {
  IconBan,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconClock,
  IconPlayerSkipForward,
  IconRecycle,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { NodeState } from '../../api/types';
import { useLiveRun } from '../../editor/Editor';
import { useReason } from '../../editor/Sentence';
import { Elapsed } from '../../ui/Elapsed';
import { formatSeconds, formatTimeOfDay } from '../../ui/format';
import classes from './StepNode.module.css';
import { WithReason } from './StepReason';

const ICONS: Partial<Record<NodeState['status'], typeof IconClock>> = {
  queued: IconClock,
  completed: IconCircleCheckFilled,
  reused: IconRecycle,
  failed: IconCircleXFilled,
  skipped: IconPlayerSkipForward,
  cancelled: IconBan,
};

/** What a run did with the node so far. */
export function StepState({ id, state }: { id: string; state: NodeState }) {
  const { t } = useTranslation(['runs', 'engine']);
  const progress = useLiveRun((run) => run.progress[id]);
  const reason = useReason(id);
  const Icon = ICONS[state.status];
  const running = state.status === 'running';
  const isAgain = state.attempt > 1 && (running || state.status === 'queued');
  const due =
    state.due_at &&
    t('attempt_at', { ns: 'engine', attempt: state.attempt, when: formatTimeOfDay(state.due_at) });
  return (
    <div className={classes.state} data-status={state.status} data-testid={`state-${id}`}>
      {running ? <Loader size={12} aria-hidden /> : Icon && <Icon size={14} aria-hidden />}
      <WithReason explanation={reason}>{due ?? t(running ? 'status_running' : state.status)}</WithReason>
      {isAgain && !due && <span>{t('attempt', { ns: 'engine', attempt: state.attempt })}</span>}
      {running && progress !== undefined && <span>{Math.round(progress * 100)} %</span>}
      <span className={classes.time}>
        {running && state.started_at ? (
          <Elapsed since={state.started_at} />
        ) : (
          state.seconds !== null && formatSeconds(state.seconds)
        )}
      </span>
    </div>
  );
}
