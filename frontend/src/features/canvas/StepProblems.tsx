import { Tooltip } from '@mantine/core';
import { IconAlertTriangleFilled } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import { useState } from 'react';
import type { Problem } from '../../api/types';
import { useSaying } from '../../editor/useSaying';
import classes from './StepNode.module.css';

/** A mark on a node that has problems; the pointer over it lists them. */
export function StepProblems({ problems, t }: { problems: Problem[]; t: TFunction }) {
  // Hundreds of tooltips that nobody sees would slow a large canvas down: there is one while the pointer is here.
  const [pointed, setPointed] = useState(false);
  const mark = (
    <span
      className={classes.problems}
      data-severity={problems.some(({ severity }) => severity === 'error') ? 'error' : 'warning'}
      role="img"
      aria-label={t('problems', { count: problems.length })}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
    >
      <IconAlertTriangleFilled size={16} />
    </span>
  );
  if (!pointed) return mark;
  return (
    <Tooltip
      opened
      label={<Messages problems={problems} />}
      multiline
      maw={360}
      style={{ whiteSpace: 'pre-line' }}
    >
      {mark}
    </Tooltip>
  );
}

function Messages({ problems }: { problems: Problem[] }) {
  const saying = useSaying();
  return problems.map((problem) => saying.problem(problem).message).join('\n');
}
