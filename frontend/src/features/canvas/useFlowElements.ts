/** React Flow's nodes and edges, derived from the document; positions while dragging are only here. */
import { applyNodeChanges, type Edge, type Node, type NodeChange } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Editor, selectNodes, useDocument, useView } from '../../editor/Editor';
import { type PipelineDocument, wiresOf } from '../../pipeline/document';
import { type Library, outputsOf } from '../../pipeline/rules';

const NO_PLACE: [number, number] = [0, 0];

export function useFlowNodes(editor: Editor): {
  nodes: Node[];
  onNodesChange: (changes: NodeChange[]) => void;
} {
  const ids = useDocument((document) => document.nodes);
  const layout = useDocument((document) => document.layout);
  const selection = useView((view) => view.selection);
  const [nodes, setNodes] = useState<Node[]>([]);

  useEffect(() => {
    setNodes((before) => merged(before, Object.keys(ids), layout, selection));
  }, [ids, layout, selection]);

  const onNodesChange = useCallback(
    (changes: NodeChange[]) => {
      const selected = changes.filter((change) => change.type === 'select');
      if (selected.length > 0) {
        const next = new Set(editor.view.getState().selection);
        for (const change of selected) {
          if (change.selected) next.add(change.id);
          else next.delete(change.id);
        }
        selectNodes(editor, next);
      }
      const rest = changes.filter((change) => change.type === 'position' || change.type === 'dimensions');
      if (rest.length > 0) setNodes((before) => applyNodeChanges(rest, before));
    },
    [editor],
  );
  return { nodes, onNodesChange };
}

/** Nodes that did not change stay the same objects, so React Flow does not draw them again. */
function merged(
  before: Node[],
  ids: string[],
  layout: PipelineDocument['layout'],
  selection: ReadonlySet<string>,
): Node[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return ids.map((id) => {
    const [x, y] = layout[id] ?? NO_PLACE;
    const selected = selection.has(id);
    const node = known.get(id);
    if (!node) return { id, type: 'step', position: { x, y }, data: {}, selected };
    if (node.position.x === x && node.position.y === y && node.selected === selected) return node;
    return { ...node, position: { x, y }, selected };
  });
}

export function useFlowEdges(library: Library, selected: ReadonlySet<string>): Edge[] {
  const nodes = useDocument((document) => document.nodes);
  return useMemo(() => {
    const document = { nodes } as PipelineDocument;
    return wiresOf(document).flatMap((wire) => {
      const source = nodes[wire.source];
      if (!source) return [];
      const port = wire.sourcePort ?? outputsOf(source, library)[0]?.name;
      return [
        {
          id: wire.id,
          source: wire.source,
          sourceHandle: port ?? null,
          target: wire.target,
          targetHandle: wire.targetPort,
          selected: selected.has(wire.id),
          data: { ...wire },
          ariaLabel: `${wire.source} → ${wire.target}`,
        },
      ];
    });
  }, [nodes, library, selected]);
}
