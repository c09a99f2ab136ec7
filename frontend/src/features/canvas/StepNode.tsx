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
import type { InputPort, NodeState, OutputPort, Problem } from '../../api/types';
import { useDocument, useEditor, useLiveRun, useNodeState, useProblems, useView } from '../../editor/Editor';
import { inputsOf, type Library, type OpenEnd, outputsOf, takes } from '../../pipeline/rules';
import { CategoryIcon } from '../../ui/CategoryIcon';
import { Elapsed } from '../../ui/Elapsed';
import { formatSeconds } from '../../ui/format';
import { faceOf } from './face';
import { colorOf, placeOf } from './ports';
import classes from './StepNode.module.css';

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
        {problems.length > 0 && <Problems problems={problems} />}
      </div>
      {node.comment && <div className={classes.comment}>{node.comment}</div>}
      {node.disabled && <div className={classes.state}>{t('disabled')}</div>}
      {state && state.status !== 'waiting' && <State id={id} state={state} />}
    </div>
  );
});

function Problems({ problems }: { problems: Problem[] }) {
  const { t } = useTranslation('canvas');
  return (
    <Tooltip
      label={problems.map((problem) => problem.message).join('\n')}
      multiline
      maw={360}
      style={{ whiteSpace: 'pre-line' }}
    >
      <span className={classes.problems} role="img" aria-label={t('problems', { count: problems.length })}>
        <IconAlertTriangleFilled size={16} />
      </span>
    </Tooltip>
  );
}

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
      <span className={classes.time}>
        {running && state.started_at ? (
          <Elapsed since={state.started_at} />
        ) : (
          state.seconds !== null && formatSeconds(state.seconds)
        )}
      </span>
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
  const wiring = useView((state) => state.wiring);
  const wireable = (side: OpenEnd['side'], type: string): boolean | undefined => {
    if (!wiring || (wiring.end.node === id && wiring.end.side === side)) return undefined;
    if (wiring.end.side === side || wiring.circle.has(id)) return false;
    return takes(wiring.end, type, library.portTypes);
  };
  return (
    <>
      {inputs.map((port, index) => (
        <Handle
          key={port.name}
          id={port.name}
          type="target"
          data-fits={wireable('input', port.type)}
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
          data-fits={wireable('output', port.type)}
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
