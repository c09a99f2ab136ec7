import { Button, Group, Popover } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, data } from '../../api/client';
import type { Problem, Run } from '../../api/types';
import { useDocument, useEditor, useLiveRun, useView } from '../../editor/Editor';
import type { JsonValue } from '../../pipeline/document';
import { FINAL_RUN } from '../../pipeline/runState';
import { notifyFailure } from '../../ui/notify';
import { ProblemList } from './ProblemList';
import { RunStatus } from './RunStatus';
import { SubmitDialog } from './SubmitDialog';

interface Props {
  draftId: string;
  /** Brings the draft to the server before it runs; false where that failed. */
  save: () => Promise<boolean>;
  onStarted: (run: Run) => void;
}

const NO_PROBLEMS: Problem[] = [];

/** Run, watch and cancel; problems are listed before anything is submitted. */
export function RunToolbar({ draftId, save, onStarted }: Props) {
  const run = useLiveRun((state) => state.run);
  const active = run !== null && !FINAL_RUN.has(run.status);
  return (
    <Group gap="sm" wrap="nowrap">
      {run && <RunStatus run={run} />}
      {active ? (
        <CancelButton runId={run.id} />
      ) : (
        <RunButton draftId={draftId} save={save} onStarted={onStarted} />
      )}
    </Group>
  );
}

function RunButton({ draftId, save, onStarted }: Props) {
  const { t } = useTranslation('runs');
  const { view, store } = useEditor();
  const isEmpty = useDocument((document) => Object.keys(document.nodes).length === 0);
  const problems = useView((state) => state.examination?.problems) ?? NO_PROBLEMS;
  const hasErrors = errorsOf(problems).length > 0;
  const [asking, setAsking] = useState(false);
  // `own`: what the draft's examination says; a list: what the server said of a submission.
  const [listed, setListed] = useState<'own' | Problem[] | null>(null);
  const submit = useSubmit(draftId, {
    onStarted,
    onRefused: setListed,
  });

  const press = useMutation({
    mutationFn: async () => {
      if (!(await save())) throw new Error(t('save_first'));
      return errorsOf(view.getState().examination?.problems ?? NO_PROBLEMS).length === 0;
    },
    onSuccess: (isSound) => {
      if (!isSound) setListed('own');
      else if (Object.keys(store.getState().document.parameters).length > 0) setAsking(true);
      else submit.mutate({});
    },
    onError: (error) => notifyFailure(t('submit_failed'), error),
  });

  const shown = listed === 'own' ? problems : (listed ?? NO_PROBLEMS);
  return (
    <>
      <Popover
        opened={errorsOf(shown).length > 0}
        onChange={(opened) => !opened && setListed(null)}
        position="bottom-end"
        width={400}
        shadow="md"
      >
        <Popover.Target>
          <Button
            size="sm"
            leftSection={hasErrors ? <IconAlertTriangle size={15} /> : <IconPlayerPlayFilled size={14} />}
            disabled={isEmpty}
            loading={press.isPending || submit.isPending}
            title={isEmpty ? t('empty') : undefined}
            onClick={() => press.mutate()}
            data-testid="run-button"
          >
            {t('run')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <ProblemList problems={shown} onPick={() => setListed(null)} />
        </Popover.Dropdown>
      </Popover>
      {asking && (
        <SubmitDialog
          onClose={() => setAsking(false)}
          onSubmit={(values) => {
            setAsking(false);
            submit.mutate(values);
          }}
        />
      )}
    </>
  );
}

function errorsOf(problems: Problem[]): Problem[] {
  return problems.filter((problem) => problem.severity === 'error');
}

interface Outcome {
  onStarted: (run: Run) => void;
  onRefused: (problems: Problem[]) => void;
}

function useSubmit(draftId: string, { onStarted, onRefused }: Outcome) {
  const { t } = useTranslation('runs');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (parameters: Record<string, JsonValue>) =>
      data<Run>(api.POST('/api/runs', { body: { draft_id: draftId, parameters } })),
    onSuccess: (started) => {
      onStarted(started);
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problems.length > 0) onRefused(error.problems);
      else notifyFailure(t('submit_failed'), error);
    },
  });
}

function CancelButton({ runId }: { runId: string }) {
  const { t } = useTranslation('runs');
  const cancel = useMutation({
    mutationFn: () =>
      data<Run>(api.POST('/api/runs/{run_id}/cancel', { params: { path: { run_id: runId } } })),
    onError: (error) => notifyFailure(t('cancel'), error),
  });
  return (
    <Button
      size="sm"
      variant="default"
      leftSection={<IconPlayerStopFilled size={14} />}
      loading={cancel.isPending}
      onClick={() => cancel.mutate()}
      data-testid="cancel-button"
    >
      {t('cancel')}
    </Button>
  );
}
