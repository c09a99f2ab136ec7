import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import { type Editor, usePipeline, useView } from '../../editor/Editor';
import { isAnySeen, showInMiddle, showNodes } from './viewport';

/**
 * Brings into view what is new to the eye: a node that is selected from elsewhere, such as a list of problems, one
 * whose results are opened, and all of a document that replaces the one before.
 */
export function useReveal(editor: Editor): void {
  const { store } = editor;
  const flow = useReactFlow();
  const replacements = usePipeline((state) => state.replacements);
  useEffect(() => {
    if (replacements > 0) showNodes(flow, store.getState().document);
  }, [replacements, flow, store]);
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
