import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import { type Editor, useView } from '../../editor/Editor';
import { isAnySeen, showInMiddle } from './viewport';

/** Brings the node that is selected, or whose results are opened, into view, such as from a list of problems. */
export function useReveal(editor: Editor): void {
  useRevealed(
    editor,
    useView(({ selection }) => (selection.size === 1 ? [...selection][0] : undefined)),
  );
  useRevealed(
    editor,
    useView(({ openOutput }) => openOutput?.node),
  );
}

function useRevealed({ store }: Editor, id: string | undefined): void {
  const flow = useReactFlow();
  useEffect(() => {
    if (id === undefined) return;
    // The canvas has its new size a frame after the results have opened.
    const frame = requestAnimationFrame(() => {
      const { document } = store.getState();
      if (id in document.nodes && !isAnySeen(flow, document, [id])) showInMiddle(flow, document, id);
    });
    return () => cancelAnimationFrame(frame);
  }, [id, flow, store]);
}
