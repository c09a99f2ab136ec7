import { Button, Group } from '@mantine/core';
import { IconPlayerStopFilled } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import type { Run } from '../../api/types';
import { useLiveRun } from '../../editor/Editor';
import { FINAL_RUN } from '../../pipeline/runState';
import { notifyFailure } from '../../ui/notify';
import { RunButton, type RunButtonProps } from './RunButton';
import { RunStatus } from './RunStatus';

/** Run, watch and cancel. */
export function RunToolbar(props: RunButtonProps) {
  const run = useLiveRun((state) => state.run);
  const active = run !== null && !FINAL_RUN.has(run.status);
  return (
    <Group gap="sm" wrap="nowrap">
      {run && <RunStatus run={run} />}
      {active ? <CancelButton runId={run.id} /> : <RunButton {...props} />}
    </Group>
  );
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
