import { Loader, Tooltip } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconBan,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconClock,
  IconPlayerSkipForward,
  IconRecycle,
} from '@tabler/icons-react';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputPort, NodeState, OutputPort } from '../../api/types';
import { useDocument, useEditor, useLiveRun, useNodeState, useProblems } from '../../editor/Editor';
import { moduleIdOf, type PipelineNode } from '../../pipeline/document';
import { inputsOf, type Library, outputsOf } from '../../pipeline/rules';
import { CategoryIcon } from '../../ui/CategoryIcon';
import { formatSeconds } from '../../ui/format';
import { colorOf, placeOf } from './ports';
import classes from './StepNode.module.css';

/** Title and icon of a node, from the library. */
export function faceOf(node: PipelineNode, library: Library): { title: string; category: string } {
  if (node.dataset) {
    const dataset = library.datasets.get(node.dataset.replace(/@\d+$/, ''));
    return { title: dataset?.title ?? node.dataset, category: 'dataset' };
  }
  const module = library.modules.get(moduleIdOf(node) ?? '');
  return { title: module?.title ?? node.module ?? '', category: module?.category_id ?? '' };
}

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
      data-problem={problems.length > 0 || undefined}
      data-disabled={node.disabled || undefined}
    >
      <Ports id={id} title={title} inputs={inputsOf(node, library)} outputs={outputsOf(node, library)} />
      <div className={classes.head}>
        <CategoryIcon category={category} className={classes.icon} />
        <div className={classes.title} title={title}>
          {title}
        </div>
        {problems.length > 0 && (
          <Tooltip
            label={problems.map((problem) => problem.message).join('\n')}
            multiline
            maw={360}
            style={{ whiteSpace: 'pre-line' }}
          >
            <span
              className={classes.problems}
              role="img"
              aria-label={t('problems', { count: problems.length })}
            >
              <IconAlertTriangleFilled size={16} />
            </span>
          </Tooltip>
        )}
      </div>
      {node.comment && <div className={classes.comment}>{node.comment}</div>}
      {state && state.status !== 'waiting' && <State id={id} state={state} />}
    </div>
  );
});

const ICONS: Partial<Record<NodeState['status'], typeof IconClock>> = {
  queued: IconClock,
  completed: IconCircleCheckFilled,
  reused: IconRecycle,
  failed: IconCircleXFilled,
  skipped: IconPlayerSkipForward,
  cancelled: IconBan,
};

function State({ id, state }: { id: string; state: NodeState }) {
  const { t } = useTranslation('runs');
  const progress = useLiveRun((run) => run.progress[id]);
  const Icon = ICONS[state.status];
  const running = state.status === 'running';
  return (
    <div className={classes.state} data-status={state.status} data-testid={`state-${id}`}>
      {running ? <Loader size={12} aria-hidden /> : Icon && <Icon size={14} aria-hidden />}
      <span>{t(running ? 'status_running' : state.status)}</span>
      {running && progress !== undefined && <span>{Math.round(progress * 100)} %</span>}
      {state.seconds !== null && <span>{formatSeconds(state.seconds)}</span>}
    </div>
  );
}

interface PortsProps {
  id: string;
  title: string;
  inputs: InputPort[];
  outputs: OutputPort[];
}

function Ports({ id, title, inputs, outputs }: PortsProps) {
  const { t } = useTranslation('canvas');
  const { library, view } = useEditor();
  const stored = useNodeState(id)?.outputs;
  return (
    <>
      {inputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          position={Position.Top}
          className={classes.port}
          style={{ left: placeOf(index, inputs.length), ...portColor(port.type, library) }}
          data-optional={!port.required || undefined}
          data-testid={`port-${id}-in-${port.name}`}
          title={t('input_port', { title: port.title, node: title, type: port.type })}
        />
      ))}
      {outputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="source"
          position={Position.Bottom}
          className={classes.port}
          style={{ left: placeOf(index, outputs.length), ...portColor(port.type, library) }}
          data-ready={stored?.[port.name] !== undefined || undefined}
          data-testid={`port-${id}-out-${port.name}`}
          title={t('output_port', { title: port.title, node: title, type: port.type })}
          onClick={() => view.setState({ openOutput: { node: id, port: port.name } })}
        />
      ))}
    </>
  );
}

function portColor(type: string, library: Library): React.CSSProperties {
  return { ['--port-color' as string]: colorOf(type, library.portTypes) };
}
