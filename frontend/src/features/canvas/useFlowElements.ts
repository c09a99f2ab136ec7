/** React Flow's nodes and edges, derived from the document; positions while dragging are only here. */
import {
  applyNodeChanges,
  type Edge,
  type EdgeChange,
  type Node,
  type NodeChange,
  type NodePositionChange,
} from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Editor, useDocument, useView } from '../../editor/Editor';
import type { PipelineDocument, PipelineNode } from '../../pipeline/document';
import { drawnWires, type Ends } from '../../pipeline/rules';
import { faceOf } from './face';

export type FlowEdge = Edge<Ends & Record<string, unknown>>;

const NO_PLACE: [number, number] = [0, 0];

export function useFlowNodes(editor: Editor): {
  nodes: Node[];
  onNodesChange: (changes: NodeChange[]) => void;
} {
  const { t } = useTranslation('canvas');
  const { view, library } = editor;
  const documentNodes = useDocument((document) => document.nodes);
  const layout = useDocument((document) => document.layout);
  const selection = useView((state) => state.selection);
  const derive = useCallback(
    (before: Node[]) => {
      const labelOf = (id: string, node: PipelineNode) =>
        t('node_label', { title: faceOf(node, library).title, id });
      return merged(before, documentNodes, layout, selection, labelOf);
    },
    [documentNodes, layout, selection, library, t],
  );
  const [nodes, setNodes] = useState<Node[]>(() => derive([]));
  useEffect(() => setNodes(derive), [derive]);

  useEffect(() => {
    // An undo may take selected nodes away.
    const { selection: before } = view.getState();
    const kept = [...before].filter((id) => id in documentNodes);
    if (kept.length !== before.size) view.setState({ selection: new Set(kept) });
  }, [documentNodes, view]);

  const onNodesChange = useCallback(
    (changes: NodeChange[]) => {
      const selects = changes.filter((change) => change.type === 'select');
      if (selects.length > 0) {
        view.setState(({ selection }) => ({ selection: afterSelects(selection, selects) }));
      }
      const rest = changes.filter((change) => change.type === 'position' || change.type === 'dimensions');
      if (rest.length > 0) setNodes((before) => applyNodeChanges(rest, before));
      const moved = rest.filter((change) => change.type === 'position').filter(isDone);
      if (moved.length > 0) move(editor, moved);
    },
    [editor, view],
  );
  return { nodes, onNodesChange };
}

/** Whether a move has ended: a drag let go, or a step by an arrow key. */
function isDone(change: NodePositionChange): boolean {
  return change.dragging === false && change.position !== undefined;
}

function move({ store, readOnly }: Editor, changes: NodePositionChange[]): void {
  if (readOnly) return;
  // Steps by arrow keys follow each other quickly and are undone together.
  const label = `move ${changes.map((change) => change.id).join(' ')}`;
  store.getState().edit(
    label,
    (draft) => {
      for (const { id, position } of changes) {
        if (position && id in draft.nodes) draft.layout[id] = [position.x, position.y];
      }
    },
    { merge: true },
  );
}

function afterSelects(
  before: ReadonlySet<string>,
  changes: readonly { id: string; selected: boolean }[],
): ReadonlySet<string> {
  const next = new Set(before);
  for (const { id, selected } of changes) {
    if (selected) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** Nodes that did not change stay the same objects, so React Flow does not draw them again. */
function merged(
  before: Node[],
  nodes: PipelineDocument['nodes'],
  layout: PipelineDocument['layout'],
  selection: ReadonlySet<string>,
  labelOf: (id: string, node: PipelineNode) => string,
): Node[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return Object.entries(nodes).map(([id, step]) => {
    const [x, y] = layout[id] ?? NO_PLACE;
    const selected = selection.has(id);
    const ariaLabel = labelOf(id, step);
    const node = known.get(id);
    if (!node) return { id, type: 'step', position: { x, y }, data: {}, selected, ariaLabel };
    const isSame =
      node.position.x === x &&
      node.position.y === y &&
      node.selected === selected &&
      node.ariaLabel === ariaLabel;
    return isSame ? node : { ...node, position: { x, y }, selected, ariaLabel };
  });
}

export function useFlowEdges({ view, library }: Editor): {
  edges: FlowEdge[];
  onEdgesChange: (changes: EdgeChange<FlowEdge>[]) => void;
} {
  const { t } = useTranslation('canvas');
  const nodes = useDocument((document) => document.nodes);
  const selected = useView((state) => state.wires);
  const known = useRef<ReadonlyMap<string, FlowEdge>>(new Map());

  const edges = useMemo(() => {
    const found = drawnWires({ nodes }, library).map((wire): FlowEdge => {
      const before = known.current.get(wire.id);
      const isSelected = selected.has(wire.id);
      const ariaLabel = t('wire_label', { source: wire.source, target: wire.target });
      const isSame =
        before?.selected === isSelected &&
        before.ariaLabel === ariaLabel &&
        before.sourceHandle === wire.sourcePort;
      if (isSame) return before;
      return {
        id: wire.id,
        source: wire.source,
        sourceHandle: wire.sourcePort,
        target: wire.target,
        targetHandle: wire.targetPort,
        selected: isSelected,
        data: { ...wire },
        ariaLabel,
      };
    });
    known.current = new Map(found.map((edge) => [edge.id, edge]));
    return found;
  }, [nodes, library, selected, t]);

  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      const selects = changes.filter((change) => change.type === 'select');
      if (selects.length > 0) view.setState(({ wires }) => ({ wires: afterSelects(wires, selects) }));
    },
    [view],
  );
  return { edges, onEdgesChange };
}
