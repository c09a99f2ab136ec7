import { Alert, Button, Code, Group, Progress, Spoiler, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure, NodeState } from '../../api/types';
import { useDocument, useEditor, useLiveRun, useNodeState } from '../../editor/Editor';
import { NodeLog } from '../../editor/NodeLog';
import { OutputIcon } from '../../editor/OutputIcon';
import { useSaying } from '../../editor/useSaying';
import { outputsOf } from '../../pipeline/rules';
import { formatNumber, formatSeconds, formatTime } from '../../ui/format';
import { RunBadge } from '../../ui/RunBadge';
import classes from './Inspector.module.css';
import { NextAttempt } from './NextAttempt';
import { Forecast, Reason } from './Reason';
import { Recipe } from './Recipe';

const MOMENTS = ['queued_at', 'started_at', 'finished_at'] as const;

/** What the last run of a node gave: state, times, error, metrics, outputs, what it depends on, and log. */
export function NodeRun({ id }: { id: string }) {
  const { t } = useTranslation('inspector');
  const state = useNodeState(id);
  const run = useLiveRun(({ run: shown }) => shown?.number);
  if (!state) {
    return (
      <Stack gap="md">
        <Text size="sm" c="var(--text-soft)">
          {t('not_run')}
        </Text>
        <Forecast id={id} />
      </Stack>
    );
  }
  const metrics = Object.entries(state.metrics);
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <RunBadge status={state.status} />
        <Text size="sm" c="var(--text-soft)">
          {t('in_run', { number: run })}
        </Text>
      </Group>
      {state.status === 'running' && <Fraction id={id} />}
      <Reason id={id} />
      <NextAttempt id={id} state={state} />
      {state.error && <ErrorBox id={id} error={state.error} />}
      <Forecast id={id} />
      <Times state={state} />
      {metrics.length > 0 && (
        <Part title={t('metrics')}>
          <dl className={classes.facts}>
            {metrics.map(([name, value]) => (
              <Metric key={name} name={name} value={value} />
            ))}
          </dl>
        </Part>
      )}
      <Outputs id={id} state={state} />
      <Recipe id={id} state={state} />
      <Part title={t('log')}>
        <NodeLog id={id} />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Title order={3} size="h6" mb={6}>
        {title}
      </Title>
      {children}
    </div>
  );
}

function Fraction({ id }: { id: string }) {
  const { t } = useTranslation('inspector');
  const fraction = useLiveRun((run) => run.progress[id]);
  if (fraction === undefined) return null;
  return <Progress value={fraction * 100} size="sm" aria-label={t('node_progress')} />;
}

function Times({ state }: { state: NodeState }) {
  const { t } = useTranslation('inspector');
  // What is queued again still has the beginning of the attempt before.
  const told = state.status === 'queued' ? (['queued_at'] as const) : MOMENTS;
  const times = told.flatMap((name) => {
    const at = state[name];
    return at ? [{ name, at }] : [];
  });
  if (times.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {times.map(({ name, at }) => (
        <Fact key={name} name={t(name)}>
          <time dateTime={at}>{formatTime(at)}</time>
        </Fact>
      ))}
      {state.seconds !== null && <Fact name={t('seconds')}>{formatSeconds(state.seconds)}</Fact>}
      {state.finished_at && state.attempt > 1 && <Fact name={t('attempts')}>{state.attempt}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Metric({ name, value }: { name: string; value: number | null }) {
  return (
    <>
      <dt>{name.replaceAll('_', ' ')}</dt>
      <dd data-testid={`metric-${name}`} title={value === null ? undefined : String(value)}>
        {formatNumber(value)}
      </dd>
    </>
  );
}

function Outputs({ id, state }: { id: string; state: NodeState }) {
  const { t } = useTranslation('inspector');
  const { view, library } = useEditor();
  const node = useDocument((document) => document.nodes[id]);
  const known = node ? outputsOf(node, library) : [];
  const ports = Object.entries(state.outputs);
  if (ports.length === 0) return null;
  return (
    <Part title={t('outputs')}>
      <Stack gap={6}>
        {ports.map(([port, output]) => (
          <Button
            key={port}
            size="xs"
            variant="default"
            justify="flex-start"
            leftSection={<OutputIcon output={output} library={library} />}
            onClick={() => view.setState({ openOutput: { node: id, port } })}
          >
            {known.find(({ name }) => name === port)?.title ?? port}
          </Button>
        ))}
      </Stack>
    </Part>
  );
}

function ErrorBox({ id, error }: { id: string; error: Failure }) {
  const { t } = useTranslation('inspector');
  const { view } = useEditor();
  const { parameter } = error;
  const { message, hint } = useSaying().failure(error, id);
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={`${t('error')} ${error.code}`}
      data-testid="node-error"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {message}
        </Text>
        {hint && (
          <Text size="sm" c="var(--text-soft)">
            {hint}
          </Text>
        )}
        {parameter && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => view.setState({ focusedParameter: { node: id, name: parameter } })}
          >
            {t('show_parameter')}
          </Button>
        )}
        {error.traceback && (
          <Spoiler maxHeight={0} showLabel={t('traceback')} hideLabel={t('hide_traceback')} w="100%">
            <Code block fz={11} tabIndex={0}>
              {error.traceback}
            </Code>
          </Spoiler>
        )}
      </Stack>
    </Alert>
  );
}
