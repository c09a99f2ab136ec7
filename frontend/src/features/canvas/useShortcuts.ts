import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import { useEditor } from '../../editor/Editor';
import { actionFor, shortcutOf } from './actions';

/** Keys act on the canvas unless somebody types or a dialog is open. */
export function useShortcuts(): void {
  const editor = useEditor();
  const flow = useReactFlow();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || document.querySelector('[role="dialog"]'))
        return;
      const action = actionFor(shortcutOf(event));
      const context = { editor, flow };
      if (!action || (action.changes && editor.readOnly) || !action.isEnabled(context)) return;
      if (action.id === 'edit.copy' && window.getSelection()?.toString()) return;
      event.preventDefault();
      action.perform(context);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [editor, flow]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
