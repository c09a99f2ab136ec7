import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Explanation } from '../../api/types';
import { selectNodes, useDocument, useEditor, useLiveRun, useView } from '../../editor/Editor';
import { Sentence, useNames, useReason } from '../../editor/Sentence';
import { formatMoment } from '../../ui/format';
import classes from './Inspector.module.css';

/** Why a node ran or was reused in the run that is shown: a sentence, where it comes from, and the way to its root. */
export function Reason({ id }: { id: string }) {
  const { t } = useTranslation('engine');
  const explanation = useReason(id);
  const runId = useLiveRun(({ run }) => run?.id);
  if (!explanation) return null;
  const { origin, compared_with: number } = explanation;
  return (
    <Stack gap={4} data-testid="reason">
      <Told explanation={explanation} />
      <Roots id={id} explanation={explanation} />
      {origin && origin.run_id !== runId && (
        <Anchor component={Link} to={`/runs/${origin.run_id}`} size="xs">
          {t('computed_in', {
            number: origin.run_number,
            when: origin.finished_at ? formatMoment(origin.finished_at) : '…',
          })}
        </Anchor>
      )}
      {number !== null && isWorthTelling(explanation) && (
        <Text size="xs" c="var(--text-soft)">
          {t('compared_with', { number })}
        </Text>
      )}
    </Stack>
  );
}

/** What the next run would do with a node as it is now; nothing of a dataset that gives what it gave. */
export function Forecast({ id }: { id: string }) {
  const { t } = useTranslation('engine');
  const forecast = useView((view) => view.forecast[id]);
  if (!forecast || !isWorthTelling(forecast)) return null;
  return (
    <Stack gap={4} data-testid="forecast" data-outcome={forecast.outcome}>
      <Title order={3} size="h6">
        {t('next_title')}
      </Title>
      <Told explanation={forecast} />
      <Roots id={id} explanation={forecast} />
      {forecast.ends_reuse && (
        <Text size="xs" c="var(--text-soft)">
          {t('ends_reuse_text')}
        </Text>
      )}
    </Stack>
  );
}

/** A dataset gives the same rows in most runs. */
function isWorthTelling({ outcome, causes }: Explanation): boolean {
  return outcome !== 'given' || causes.length > 0;
}

function Told({ explanation }: { explanation: Explanation }) {
  return (
    <Text size="sm" className={classes.sentence}>
      <Sentence explanation={explanation} />
    </Text>
  );
}

/** The nodes that a change goes back to; each can be gone to. */
function Roots({ id, explanation }: { id: string; explanation: Explanation }) {
  const { t } = useTranslation('engine');
  const editor = useEditor();
  const nodes = useDocument((document) => document.nodes);
  const names = useNames();
  const roots = explanation.causes.flatMap((cause) => cause.roots.map((root) => root.node));
  const named = [...roots, ...explanation.same_again, explanation.stopped_by];
  const shown = [...new Set(named)].flatMap((node) => (node && node !== id && node in nodes ? [node] : []));
  if (shown.length === 0) return null;
  return (
    <Group gap="xs">
      {shown.map((node) => (
        <Anchor
          key={node}
          component="button"
          type="button"
          size="xs"
          onClick={() => selectNodes(editor, [node])}
        >
          {t('show_root', { node: names.node(node) })} <IconArrowUpRight size={11} aria-hidden />
        </Anchor>
      ))}
    </Group>
  );
}
