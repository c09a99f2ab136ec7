import { Handle, Position } from '@xyflow/react';
import type { TFunction } from 'i18next';
import type { CSSProperties } from 'react';
import type { InputPort, OutputPort } from '../../api/types';
import { useEditor, useNodeState, useView } from '../../editor/Editor';
import { type Library, type OpenEnd, takes } from '../../pipeline/rules';
import { colorOf, placeOf } from './ports';
import classes from './StepNode.module.css';

interface Props {
  id: string;
  title: string;
  inputs: InputPort[];
  outputs: OutputPort[];
  t: TFunction;
}

/** Inputs along the top of a node, outputs along its bottom. */
export function StepPorts({ id, title, inputs, outputs, t }: Props) {
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

function portColor(type: string, library: Library): CSSProperties {
  return { ['--port-color' as string]: colorOf(type, library.portTypes) };
}
