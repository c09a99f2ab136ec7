import type { NodeProps } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useDocument, useEditor, useNodeState, useProblems } from '../../editor/Editor';
import { inputsOf, outputsOf } from '../../pipeline/rules';
import { CategoryIcon } from '../../ui/CategoryIcon';
import { faceOf } from './face';
import classes from './StepNode.module.css';
import { StepPorts } from './StepPorts';
import { StepProblems } from './StepProblems';
import { StepForecast } from './StepReason';
import { StepState } from './StepState';

/** A node: its title, its comment, its state, and its ports. */
export const StepNode = memo(function StepNode({ id, selected }: NodeProps) {
  const { t } = useTranslation('canvas');
  const { library } = useEditor();
  const node = useDocument((document) => document.nodes[id]);
  const problems = useProblems(id);
  const state = useNodeState(id);
  if (!node) return null;
  const { title, category } = faceOf(node, library);
  return (
    <div
      className={classes.node}
      data-testid={`node-${id}`}
      data-selected={selected || undefined}
      data-status={state?.status}
      data-problem={problems.some(({ severity }) => severity === 'error') || undefined}
      data-disabled={node.disabled || undefined}
    >
      <StepPorts
        id={id}
        title={title}
        inputs={inputsOf(node, library)}
        outputs={outputsOf(node, library)}
        t={t}
      />
      <div className={classes.head}>
        <CategoryIcon category={category} className={classes.icon} />
        <div className={classes.title} title={title}>
          {title}
        </div>
        {problems.length > 0 && <StepProblems problems={problems} t={t} />}
        <StepForecast id={id} />
      </div>
      {node.comment && <div className={classes.comment}>{node.comment}</div>}
      {node.disabled && <div className={classes.state}>{t('disabled')}</div>}
      {state && state.status !== 'waiting' && <StepState id={id} state={state} />}
    </div>
  );
});
