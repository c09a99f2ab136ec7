import { Alert, Button, Code, Group, Spoiler, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import type { Failure } from '../../api/types';
import { useEditor, useLiveRun, useNodeState } from '../../editor/Editor';
import { FINAL_NODE } from '../../pipeline/runState';
import { formatNumber, formatSeconds } from '../../ui/format';
import { RunBadge } from '../../ui/RunBadge';
import classes from './Inspector.module.css';

/** What the last run of a node gave: state, error, metrics, outputs and log. */
export function NodeRun({ id }: { id: string }) {
  const { t } = useTranslation('inspector');
  const { view } = useEditor();
  const state = useNodeState(id);
  if (!state) {
    return (
      <Text size="sm" c="var(--text-soft)">
        {t('not_run')}
      </Text>
    );
  }
  const metrics = Object.entries(state.metrics);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <RunBadge status={state.status} />
        {state.seconds !== null && <Text size="sm">{formatSeconds(state.seconds)}</Text>}
      </Group>
      {state.error && <ErrorBox id={id} error={state.error} />}
      {metrics.length > 0 && (
        <div>
          <Title order={3} size="h6" mb={6}>
            {t('metrics')}
          </Title>
          <dl className={classes.facts}>
            {metrics.map(([name, value]) => (
              <Metric key={name} name={name} value={value} />
            ))}
          </dl>
        </div>
      )}
      {Object.keys(state.outputs).length > 0 && (
        <div>
          <Title order={3} size="h6" mb={6}>
            {t('outputs')}
          </Title>
          <Stack gap={6}>
            {Object.keys(state.outputs).map((port) => (
              <Button
                key={port}
                size="xs"
                variant="default"
                justify="flex-start"
                leftSection={<IconTable size={14} />}
                onClick={() => view.setState({ openOutput: { node: id, port } })}
              >
                {port}
              </Button>
            ))}
          </Stack>
        </div>
      )}
      <Log id={id} />
    </Stack>
  );
}

function Metric({ name, value }: { name: string; value: number | null }) {
  return (
    <>
      <dt>{name.replaceAll('_', ' ')}</dt>
      <dd data-testid={`metric-${name}`}>{formatNumber(value)}</dd>
    </>
  );
}

function ErrorBox({ id, error }: { id: string; error: Failure }) {
  const { t } = useTranslation('inspector');
  const { view } = useEditor();
  const { parameter } = error;
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={`${t('error')} ${error.code}`}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{error.message}</Text>
        {error.hint && (
          <Text size="sm" c="var(--text-soft)">
            {error.hint}
          </Text>
        )}
        {parameter && (
          <Button
            size="compact-xs"
            variant="light"
            color="red"
            onClick={() => view.setState({ focusedParameter: { node: id, name: parameter } })}
          >
            {t('show_parameter')}
          </Button>
        )}
        {error.traceback && (
          <Spoiler maxHeight={0} showLabel={t('traceback')} hideLabel={t('traceback')} w="100%">
            <Code block fz={11}>
              {error.traceback}
            </Code>
          </Spoiler>
        )}
      </Stack>
    </Alert>
  );
}

function Log({ id }: { id: string }) {
  const { t } = useTranslation('inspector');
  const runId = useLiveRun((state) => state.run?.id);
  const status = useNodeState(id)?.status ?? 'waiting';
  const streamed = useLiveRun((state) => state.logs[id] ?? '');
  const stored = useQuery({
    queryKey: ['log', runId, id, FINAL_NODE.has(status)],
    queryFn: () =>
      data<{ text: string }>(
        api.GET('/api/runs/{run_id}/nodes/{node}/log', {
          params: { path: { run_id: runId ?? '', node: id } },
        }),
      ),
    enabled: runId !== undefined && status !== 'waiting',
  });
  const text = FINAL_NODE.has(status) ? (stored.data?.text ?? '') : streamed || (stored.data?.text ?? '');
  return (
    <div>
      <Title order={3} size="h6" mb={6}>
        {t('log')}
      </Title>
      {text ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre className={classes.log} tabIndex={0}>
          {text}
        </pre>
      ) : (
        <Text size="sm" c="var(--text-soft)">
          {t('empty_log')}
        </Text>
      )}
    </div>
  );
}
