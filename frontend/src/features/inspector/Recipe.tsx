import { Button, Code, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import type { NodeState, Run } from '../../api/types';
import { useDocument, useLiveRun } from '../../editor/Editor';
import { FINAL_NODE } from '../../pipeline/runState';
import { Loading } from '../../ui/Notice';
import classes from './Inspector.module.css';

const SHOWN_DIGITS = 12;

/** What a result depends on: two runs with the same recipe share it. */
export function Recipe({ id, state }: { id: string; state: NodeState }) {
  const { t } = useTranslation('inspector');
  const [opened, { toggle }] = useDisclosure(false);
  const bodyId = useId();
  const isModule = useDocument((document) => document.nodes[id]?.module !== undefined);
  if (!isModule || !FINAL_NODE.has(state.status) || state.status === 'skipped') return null;
  return (
    <div>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={opened ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        aria-expanded={opened}
        aria-controls={bodyId}
        onClick={toggle}
      >
        {t('recipe')}
      </Button>
      <div id={bodyId}>{opened && <Parts id={id} known={state.recipe} />}</div>
    </div>
  );
}

function Parts({ id, known }: { id: string; known: NodeState['recipe'] }) {
  const { t } = useTranslation('inspector');
  const runId = useLiveRun((state) => state.run?.id);
  // Events carry no recipes; the stored run does.
  const stored = useQuery({
    queryKey: ['runs', runId, 'recipes', id],
    queryFn: () =>
      data<Run>(api.GET('/api/runs/{run_id}', { params: { path: { run_id: runId ?? '' } } })).then(
        (run) => run.nodes[id]?.recipe ?? null,
      ),
    enabled: known === null && runId !== undefined,
  });
  const recipe = known ?? stored.data;
  if (!recipe) {
    if (stored.isPending && stored.fetchStatus !== 'idle') return <Loading />;
    return (
      <Text size="sm" c="var(--text-soft)" mt={6}>
        {stored.isError ? stored.error.message : t('no_recipe')}
      </Text>
    );
  }
  const inputs = Object.entries((recipe.inputs ?? {}) as Record<string, string[]>);
  const environment = Object.entries((recipe.environment ?? {}) as Record<string, string>);
  return (
    <Stack gap="xs" mt={6}>
      <Text size="sm" c="var(--text-soft)">
        {t(recipe.key ? 'recipe_text' : 'no_recipe')}
      </Text>
      <dl className={classes.facts}>
        <dt>{t('module')}</dt>
        <dd>
          {String(recipe.module)}@{String(recipe.version)}
        </dd>
        {inputs.map(([port, digests]) => (
          <PartOf key={port} name={port} value={digests.map(short).join(', ')} />
        ))}
        {environment.map(([library, version]) => (
          <PartOf key={library} name={library} value={version} />
        ))}
      </dl>
      <Code block fz={11}>
        {JSON.stringify(recipe.params, null, 2)}
      </Code>
    </Stack>
  );
}

function PartOf({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function short(digest: string): string {
  return digest.slice(0, SHOWN_DIGITS);
}
