import { Anchor, Code, Group, Stack, Text } from '@mantine/core';
import { IconArrowUpRight } from '@tabler/icons-react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Explanation } from '../../api/types';
import { selectNodes, useDocument, useEditor, useLiveRun, useView } from '../../editor/Editor';
import { sentenceOf } from '../../pipeline/explanation';
import { formatMoment } from '../../ui/format';

/** Why a node ran or was reused in the run that is shown: a sentence, where it comes from, and the way to its root. */
export function Reason({ id }: { id: string }) {
  const { t } = useTranslation('engine');
  const explanation = useView((view) => view.explanations[id]);
  const runId = useLiveRun(({ run }) => run?.id);
  if (!explanation) return null;
  const { origin, compared_with: number } = explanation;
  return (
    <Stack gap={4} data-testid="reason">
      <Sentence explanation={explanation} />
      <Roots id={id} explanation={explanation} />
      {origin && origin.run_id !== runId && (
        <Anchor component={Link} to={`/runs/${origin.run_id}`} size="xs">
          {t('computed_in', {
            number: origin.run_number,
            when: origin.finished_at ? formatMoment(origin.finished_at) : '…',
          })}
        </Anchor>
      )}
      {number !== null && (
        <Text size="xs" c="var(--text-soft)">
          {t('compared_with', { number })}
        </Text>
      )}
    </Stack>
  );
}

/** What the next run would do with a node as it is now. */
export function Forecast({ id }: { id: string }) {
  const { t } = useTranslation('engine');
  const forecast = useView((view) => view.forecast[id]);
  if (!forecast) return null;
  return (
    <Stack gap={4} data-testid="forecast" data-outcome={forecast.outcome}>
      <Text size="xs" fw={600}>
        {t('next_title')}
      </Text>
      <Sentence explanation={forecast} />
      <Roots id={id} explanation={forecast} />
      {forecast.ends_reuse && (
        <Text size="xs" c="var(--text-soft)">
          {t('ends_reuse_text')}
        </Text>
      )}
    </Stack>
  );
}

/** The sentence, with what stands between backquotes as code. */
function Sentence({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation('engine');
  const parts = sentenceOf(explanation, t).split('`');
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {parts.map((part, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence have no other name
        <Fragment key={at}>{at % 2 === 1 ? <Code fz="0.92em">{part}</Code> : part}</Fragment>
      ))}
    </Text>
  );
}

/** The nodes that a change goes back to; each can be gone to. */
function Roots({ id, explanation }: { id: string; explanation: Explanation }) {
  const { t } = useTranslation('engine');
  const editor = useEditor();
  const nodes = useDocument((document) => document.nodes);
  const roots = explanation.causes.flatMap((cause) => cause.roots.map((root) => root.node));
  const named = [...roots, ...explanation.same_again, explanation.stopped_by];
  const shown = [...new Set(named)].filter((node) => node !== null && node !== id && node in nodes);
  if (shown.length === 0) return null;
  return (
    <Group gap="xs">
      {shown.map((node) => (
        <Anchor
          key={node}
          component="button"
          type="button"
          size="xs"
          onClick={() => node && selectNodes(editor, [node])}
        >
          {t('show_root', { node })} <IconArrowUpRight size={11} aria-hidden />
        </Anchor>
      ))}
    </Group>
  );
}
