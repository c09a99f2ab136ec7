/** Dropping: items of the library on the canvas, and nodes on wires. */
import { type Node, useReactFlow } from '@xyflow/react';
import type { DragEvent } from 'react';
import { type Editor, selectNodes } from '../../editor/Editor';
import { addNode, insertOnWire } from '../../pipeline/edits';
import { freePlace, NODE_HEIGHT, NODE_WIDTH } from '../../pipeline/layout';
import type { Ends } from '../../pipeline/rules';
import type { FlowEdge } from './useFlowElements';

/** What a drag from the library stands for; null where it is something else. */
export type ReadDrag = (transfer: DataTransfer) => { module: string } | { dataset: string } | null;

export function useDropping(
  editor: Editor,
  edges: FlowEdge[],
  readDrag: ReadDrag,
  onFile: (file: File) => void,
) {
  const { store, library, readOnly } = editor;
  const flow = useReactFlow();

  const onDragOver = (event: DragEvent) => {
    if (!readOnly || event.dataTransfer.types.includes('Files')) event.preventDefault();
  };

  const onDrop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    if (file) {
      // Without this the browser would open the file in place of the page.
      event.preventDefault();
      onFile(file);
      return;
    }
    const item = readDrag(event.dataTransfer);
    if (!item || readOnly) return;
    event.preventDefault();
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const wire = wireAt(event.clientX, event.clientY, edges);
    const id = store.getState().edit('add', (draft) => {
      const added = addNode(draft, item, freePlace(draft, [x - NODE_WIDTH / 2, y - NODE_HEIGHT / 2]));
      if (wire) insertOnWire(draft, library, added, wire);
      return added;
    });
    if (id) selectNodes(editor, [id]);
  };

  /** A node without wires that is dropped on a wire goes between its ends; one undo takes both back. */
  const onNodeDragStop = (event: MouseEvent | TouchEvent, node: Node, dragged: Node[]) => {
    const isLoose = !edges.some((edge) => edge.source === node.id || edge.target === node.id);
    if (readOnly || dragged.length !== 1 || !isLoose || !('clientX' in event)) return;
    const wire = wireAt(event.clientX, event.clientY, edges);
    if (!wire) return;
    store.getState().edit(`move ${node.id}`, (draft) => insertOnWire(draft, library, node.id, wire), {
      merge: true,
    });
  };

  return { onDragOver, onDrop, onNodeDragStop };
}

/** The wire under a point of the screen, if there is one near. */
function wireAt(x: number, y: number, edges: FlowEdge[]): Ends | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest('.react-flow__edge')?.getAttribute('data-id');
    const edge = id ? edges.find((item) => item.id === id) : undefined;
    if (edge?.data) return edge.data;
  }
  return undefined;
}
