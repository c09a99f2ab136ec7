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
import type { Advice } from '../../api/types';
import { type Editor, useAdvice, useDocument, useView } from '../../editor/Editor';
import { inputOf } from '../../pipeline/advice';
import type { PipelineDocument, PipelineNode } from '../../pipeline/document';
import { drawnWires, type Ends } from '../../pipeline/rules';
import { faceOf } from './face';

export type FlowEdge = Edge<Ends & { advice?: Advice[] } & Record<string, unknown>>;

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
  const labels = useMemo(
    () =>
      new Labels((id: string, node: PipelineNode) =>
        t('node_label', { title: faceOf(node, library).title, id }),
      ),
    [library, t],
  );
  const derive = useCallback(
    (before: Node[]) => merged(before, documentNodes, layout, selection, labels),
    [documentNodes, layout, selection, labels],
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

/** Words for each node, found once: a translation takes long where there are a thousand. */
class Labels {
  private readonly known = new Map<string, [node: PipelineNode, label: string]>();

  constructor(private readonly labelOf: (id: string, node: PipelineNode) => string) {}

  of(id: string, node: PipelineNode): string {
    const found = this.known.get(id);
    if (found && found[0].module === node.module && found[0].dataset === node.dataset) return found[1];
    const label = this.labelOf(id, node);
    this.known.set(id, [node, label]);
    return label;
  }
}

/** Nodes that did not change stay the same objects, so React Flow does not draw them again. */
function merged(
  before: Node[],
  nodes: PipelineDocument['nodes'],
  layout: PipelineDocument['layout'],
  selection: ReadonlySet<string>,
  labels: Labels,
): Node[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const after = Object.entries(nodes).map(([id, step]) => {
    const [x, y] = layout[id] ?? NO_PLACE;
    const selected = selection.has(id);
    const ariaLabel = labels.of(id, step);
    const node = known.get(id);
    if (!node) return { id, type: 'step', position: { x, y }, data: {}, selected, ariaLabel };
    const isSame =
      node.position.x === x &&
      node.position.y === y &&
      node.selected === selected &&
      node.ariaLabel === ariaLabel;
    return isSame ? node : { ...node, position: { x, y }, selected, ariaLabel };
  });
  return isSameList(before, after) ? before : after;
}

function isSameList<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index]);
}

export function useFlowEdges({ view, library }: Editor): {
  edges: FlowEdge[];
  onEdgesChange: (changes: EdgeChange<FlowEdge>[]) => void;
} {
  const { t } = useTranslation('canvas');
  const nodes = useDocument((document) => document.nodes);
  const selected = useView((state) => state.wires);
  const advice = useAdviceByInput();
  const known = useRef<{ list: FlowEdge[]; byId: ReadonlyMap<string, FlowEdge>; t: unknown }>({
    list: [],
    byId: new Map(),
    t,
  });

  const edges = useMemo(() => {
    const found = drawnWires({ nodes }, library).map((wire): FlowEdge => {
      const before = known.current.t === t ? known.current.byId.get(wire.id) : undefined;
      const isSelected = selected.has(wire.id);
      const doubts = advice.get(`${wire.target}.${wire.targetPort}`);
      const isSame =
        before?.selected === isSelected &&
        before.sourceHandle === wire.sourcePort &&
        before.data?.advice === doubts;
      if (isSame) return before;
      return {
        id: wire.id,
        type: doubts ? 'advised' : 'default',
        source: wire.source,
        sourceHandle: wire.sourcePort,
        target: wire.target,
        targetHandle: wire.targetPort,
        selected: isSelected,
        data: doubts ? { ...wire, advice: doubts } : { ...wire },
        ariaLabel: t('wire_label', { source: wire.source, target: wire.target }),
      };
    });
    const list = isSameList(known.current.list, found) ? known.current.list : found;
    known.current = { list, byId: new Map(list.map((edge) => [edge.id, edge])), t };
    return list;
  }, [nodes, library, selected, advice, t]);

  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      const selects = changes.filter((change) => change.type === 'select');
      if (selects.length > 0) view.setState(({ wires }) => ({ wires: afterSelects(wires, selects) }));
    },
    [view],
  );
  return { edges, onEdgesChange };
}

/** Advice by `node.input`; a list stays the same while its advice does, so that its wire is not drawn again. */
function useAdviceByInput(): ReadonlyMap<string, Advice[]> {
  const advice = useAdvice();
  const known = useRef<ReadonlyMap<string, Advice[]>>(new Map());
  return useMemo(() => {
    const found = new Map<string, Advice[]>();
    for (const one of advice) {
      const place = `${one.node}.${inputOf(one)}`;
      found.set(place, [...(found.get(place) ?? []), one]);
    }
    for (const [place, list] of found) {
      const before = known.current.get(place);
      if (before && JSON.stringify(before) === JSON.stringify(list)) found.set(place, before);
    }
    known.current = found;
    return found;
  }, [advice]);
}
