import { Stack, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../api/types';
import { selectNodes, useEditor } from '../../editor/Editor';
import { useSaying } from '../../editor/useSaying';
import classes from './Runs.module.css';

const PARAMETER = 'params.';

/** What stands in the way of a run; each leads to its node and field. Warnings stand below and hinder nothing. */
export function ProblemList({ problems, onPick }: { problems: Problem[]; onPick: () => void }) {
  const { t } = useTranslation('runs');
  const editor = useEditor();
  const errors = problems.filter((problem) => problem.severity === 'error');
  const warnings = problems.filter((problem) => problem.severity !== 'error');
  const show = ({ node, key }: Problem) => {
    // Problems of the pipeline as a whole stand in its own settings, seen when nothing is selected.
    selectNodes(editor, node ? [node] : []);
    const name = node && key?.startsWith(PARAMETER) ? key.slice(PARAMETER.length) : null;
    editor.view.setState({ focusedParameter: node && name ? { node, name } : null });
    onPick();
  };
  return (
    <Stack gap={4} mah={320} style={{ overflowY: 'auto' }} data-testid="problems">
      <Text size="sm" fw={600}>
        {t('problems_title', { count: errors.length })}
      </Text>
      {errors.map((problem) => (
        <Item key={keyOf(problem)} problem={problem} onClick={() => show(problem)} />
      ))}
      {warnings.length > 0 && (
        <Text size="sm" fw={600} mt="xs">
          {t('warnings_title', { count: warnings.length })}
        </Text>
      )}
      {warnings.map((problem) => (
        <Item key={keyOf(problem)} problem={problem} onClick={() => show(problem)} />
      ))}
    </Stack>
  );
}

function keyOf({ node, key, message }: Problem): string {
  return `${node} ${key} ${message}`;
}

function Item({ problem, onClick }: { problem: Problem; onClick: () => void }) {
  const { message, hint } = useSaying().problemOfNode(problem);
  return (
    <UnstyledButton className={classes.problem} onClick={onClick}>
      {message}
      {hint && <span className={classes.hint}>{hint}</span>}
    </UnstyledButton>
  );
}
