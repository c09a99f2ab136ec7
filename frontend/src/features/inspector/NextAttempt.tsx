import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import type { Failure, NodeState, RunEvent } from '../../api/types';
import { useLiveRun } from '../../editor/Editor';
import { useSaying } from '../../editor/useSaying';
import { formatTime } from '../../ui/format';

/** Which attempt it is, of a step that was tried before, when it begins, and how the one before ended. */
export function NextAttempt({ id, state }: { id: string; state: NodeState }) {
  const { status, attempt } = state;
  if (attempt < 2 || (status !== 'queued' && status !== 'running')) return null;
  return <Attempt id={id} state={state} />;
}

function Attempt({ id, state: { attempt, due_at: due } }: { id: string; state: NodeState }) {
  const { t } = useTranslation('engine');
  const failure = useFailureBefore(id, attempt);
  const saying = useSaying();
  return (
    <div data-testid="attempt">
      <Text size="sm" fw={500}>
        {due ? t('next_attempt', { attempt, when: formatTime(due) }) : t('attempt', { attempt })}
      </Text>
      {failure && (
        <Text size="sm" c="var(--text-soft)" style={{ overflowWrap: 'anywhere' }}>
          {t('attempt_before', { attempt: attempt - 1, error: saying.failure(failure, id).message })}
        </Text>
      )}
    </div>
  );
}

/** Why an attempt follows another one: that is in its event alone, since the step itself has not failed. */
function useFailureBefore(id: string, attempt: number): Failure | null {
  const runId = useLiveRun(({ run }) => run?.id);
  const { data: failure } = useQuery({
    queryKey: ['runs', runId, 'attempts', id, attempt],
    queryFn: () =>
      data<RunEvent[]>(
        api.GET('/api/runs/{run_id}/events', { params: { path: { run_id: runId ?? '' } } }),
      ).then((events) => failureBefore(events, id, attempt)),
    enabled: runId !== undefined,
  });
  return failure ?? null;
}

function failureBefore(events: readonly RunEvent[], id: string, attempt: number): Failure | null {
  const queued = events.find(
    ({ kind, node, data: said }) => kind === 'step_queued' && node === id && said.attempt === attempt,
  );
  return (queued?.data.error as Failure | null | undefined) ?? null;
}
