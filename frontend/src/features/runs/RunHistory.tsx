import { ActionIcon, Group, Popover, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { runsQuery } from '../../api/queries';
import { formatMoment } from '../../ui/format';
import { Loading } from '../../ui/Notice';
import { RunBadge } from '../../ui/RunBadge';
import classes from './Runs.module.css';

/** Past runs of a draft; one opens read-only on the canvas. */
export function RunHistory({ draftId }: { draftId: string }) {
  const { t } = useTranslation('runs');
  const [opened, setOpened] = useState(false);
  const runs = useQuery({ ...runsQuery(draftId), enabled: opened });
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={320} shadow="md">
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
        {runs.isPending ? (
          <Loading />
        ) : (
          <Stack gap={2} mah={360} style={{ overflowY: 'auto' }}>
            {runs.data?.length === 0 && (
              <Text size="sm" c="var(--text-soft)">
                {t('no_runs')}
              </Text>
            )}
            {runs.data?.map((run) => (
              <UnstyledButton
                key={run.id}
                component={Link}
                to={`/runs/${run.id}`}
                className={classes.problem}
              >
                <Group justify="space-between" wrap="nowrap">
                  <span>
                    {t('run_number', { number: run.number })}
                    <span className={classes.hint}>{formatMoment(run.created_at)}</span>
                  </span>
                  <RunBadge status={run.status} />
                </Group>
              </UnstyledButton>
            ))}
          </Stack>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
