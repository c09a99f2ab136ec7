import { ActionIcon, Group, Popover, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { runsQuery } from '../../api/queries';
import type { RunSummary } from '../../api/types';
import { FINAL_RUN } from '../../pipeline/runState';
import { formatMoment, formatSeconds } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { RunBadge } from '../../ui/RunBadge';
import classes from './Runs.module.css';

const REFRESH_MS = 2000;

/** Past runs of a draft; one opens read-only on the canvas. */
export function RunHistory({ draftId }: { draftId: string }) {
  const { t } = useTranslation('runs');
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} shadow="md">
      <Popover.Target>
        <Tooltip label={t('history')}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('history')}
            onClick={() => setOpened(!opened)}
            data-testid="run-history"
          >
            <IconHistory size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" fw={600} mb={6}>
          {t('history')}
        </Text>
        {opened && <Runs draftId={draftId} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function Runs({ draftId }: { draftId: string }) {
  const { t } = useTranslation('runs');
  const runs = useQuery({
    ...runsQuery(draftId),
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => (state.data?.some(isActive) ? REFRESH_MS : false),
  });
  if (runs.isPending) return <Loading />;
  if (runs.isError) return <Notice title={t('history_failed')}>{runs.error.message}</Notice>;
  if (runs.data.length === 0) {
    return (
      <Text size="sm" c="var(--text-soft)">
        {t('no_runs')}
      </Text>
    );
  }
  return (
    <Stack gap={2} mah={360} style={{ overflowY: 'auto' }}>
      {runs.data.map((run) => (
        <UnstyledButton key={run.id} component={Link} to={`/runs/${run.id}`} className={classes.problem}>
          <Group justify="space-between" wrap="nowrap">
            <span>
              {t('run_number', { number: run.number })}
              <span className={classes.hint}>
                {[formatMoment(run.created_at), ...durationOf(run)].join(' · ')}
              </span>
            </span>
            <RunBadge status={run.status} />
          </Group>
        </UnstyledButton>
      ))}
    </Stack>
  );
}

function isActive(run: RunSummary): boolean {
  return !FINAL_RUN.has(run.status);
}

function durationOf({ started_at, finished_at }: RunSummary): string[] {
  if (!started_at || !finished_at) return [];
  return [formatSeconds((Date.parse(finished_at) - Date.parse(started_at)) / 1000)];
}
