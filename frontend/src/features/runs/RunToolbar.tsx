import { Button, Group, Popover, Progress, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlayFilled, IconPlayerStopFilled } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, data } from '../../api/client';
import type { Problem, Run } from '../../api/types';
import { selectNodes, useDocument, useEditor, useLiveRun, useView } from '../../editor/Editor';
import { doneCount, FINAL_RUN } from '../../pipeline/runState';
import { formatSeconds } from '../../ui/format';
import { notifyFailure } from '../../ui/notify';
import { RunBadge } from '../../ui/RunBadge';
import classes from './Runs.module.css';

interface Props {
  draftId: string;
  /** Brings the draft to the server before it runs; false where that failed. */
  save: () => Promise<boolean>;
  onStarted: (run: Run) => void;
}

/** Run, watch and cancel; problems are listed before anything is submitted. */
export function RunToolbar({ draftId, save, onStarted }: Props) {
  const { t } = useTranslation('runs');
  const { view } = useEditor();
  const queries = useQueryClient();
  const run = useLiveRun((state) => state.run);
  const isEmpty = useDocument((document) => Object.keys(document.nodes).length === 0);
  const problems = useView((state) => state.examination?.problems);
  const errors = problems?.filter((problem) => problem.severity === 'error') ?? [];
  const [listed, setListed] = useState(false);

  const submit = useMutation({
    mutationFn: async () => {
      if (!(await save())) throw new Error(t('save_first'));
      const found = view.getState().examination?.problems.filter((p) => p.severity === 'error') ?? [];
      if (found.length > 0) return null;
      return data<Run>(api.POST('/api/runs', { body: { draft_id: draftId, parameters: {} } }));
    },
    onSuccess: (started) => {
      setListed(started === null);
      if (!started) return;
      onStarted(started);
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problems.length > 0) setListed(true);
      else notifyFailure(t('submit_failed'), error);
    },
  });
  const cancel = useMutation({
    mutationFn: (id: string) =>
      data<Run>(api.POST('/api/runs/{run_id}/cancel', { params: { path: { run_id: id } } })),
    onError: (error) => notifyFailure(t('cancel'), error),
  });
  const active = run !== null && !FINAL_RUN.has(run.status);

  return (
    <Group gap="sm" wrap="nowrap">
      {run && <Status run={run} />}
      {active ? (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconPlayerStopFilled size={14} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(run.id)}
          data-testid="cancel-button"
        >
          {t('cancel')}
        </Button>
      ) : (
        <Popover
          opened={listed && errors.length > 0}
          onChange={setListed}
          position="bottom-end"
          width={400}
          shadow="md"
        >
          <Popover.Target>
            <Button
              size="sm"
              leftSection={
                errors.length > 0 ? <IconAlertTriangle size={15} /> : <IconPlayerPlayFilled size={14} />
              }
              disabled={isEmpty}
              loading={submit.isPending}
              title={isEmpty ? t('empty') : undefined}
              onClick={() => submit.mutate()}
              data-testid="run-button"
            >
              {t('run')}
            </Button>
          </Popover.Target>
          <Popover.Dropdown>
            <Problems problems={errors} onPick={() => setListed(false)} />
          </Popover.Dropdown>
        </Popover>
      )}
    </Group>
  );
}

function Problems({ problems, onPick }: { problems: Problem[]; onPick: () => void }) {
  const { t } = useTranslation('runs');
  const editor = useEditor();
  const show = ({ node, key }: Problem) => {
    if (!node) return;
    selectNodes(editor, [node]);
    const name = key?.startsWith('params.') ? key.slice('params.'.length) : null;
    editor.view.setState({ focusedParameter: name ? { node, name } : null });
    onPick();
  };
  return (
    <Stack gap={4} mah={320} style={{ overflowY: 'auto' }} data-testid="problems">
      <Text size="sm" fw={600}>
        {t('problems_title', { count: problems.length })}
      </Text>
      {problems.map((problem) => (
        <UnstyledButton
          key={`${problem.node} ${problem.key} ${problem.message}`}
          className={classes.problem}
          onClick={() => show(problem)}
        >
          {problem.message}
          {problem.hint && <span className={classes.hint}>{problem.hint}</span>}
        </UnstyledButton>
      ))}
    </Stack>
  );
}

function Status({ run }: { run: Run }) {
  const { t } = useTranslation('runs');
  const total = Object.keys(run.nodes).length;
  const done = doneCount(run);
  return (
    <Group gap={8} wrap="nowrap" data-testid="run-status" data-status={run.status} aria-live="polite">
      {!FINAL_RUN.has(run.status) && (
        <Progress
          value={total === 0 ? 0 : (100 * done) / total}
          w={110}
          size="sm"
          aria-label={t('progress', { done, total })}
        />
      )}
      <RunBadge status={run.status} />
      <Elapsed run={run} />
    </Group>
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
    <Text size="sm" c="var(--text-soft)" style={{ fontVariantNumeric: 'tabular-nums' }}>
      {formatSeconds(seconds)}
    </Text>
  );
}
