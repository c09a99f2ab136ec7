import { useReactFlow } from '@xyflow/react';
import { useEffect } from 'react';
import { useEditor } from '../../editor/Editor';
import { shortcutOf } from './action';
import { actionCalled, actionFor, canPerform } from './actions';
import { isPipeline, pasteText, selectionText } from './clipboard';

/** Keys and clipboard act on the canvas unless somebody types or a dialog is open. */
export function useShortcuts(): void {
  const editor = useEditor();
  const flow = useReactFlow();
  useEffect(() => {
    const context = { editor, flow };

    const onKeyDown = (event: KeyboardEvent) => {
      const action = actionFor(shortcutOf(event));
      if (event.defaultPrevented || isInDialog()) return;
      if (isTyping(event.target) && !action?.everywhere) return;
      if (!action || action.byClipboardEvent || !canPerform(action, context)) return;
      event.preventDefault();
      action.perform(context);
    };

    // React Flow takes Enter on a node as a choice, and with Ctrl takes the choice back: what runs must be seen first.
    const onKeyOfNode = (event: KeyboardEvent) => {
      const isOnNode = event.target instanceof HTMLElement && event.target.matches('.react-flow__node');
      if (!isOnNode || shortcutOf(event) !== 'mod+enter') return;
      onKeyDown(event);
      event.stopPropagation();
    };

    const onCopy = (event: ClipboardEvent) => {
      const action = actionCalled('edit.copy');
      const isText = Boolean(window.getSelection()?.toString());
      if (isText || isElsewhere(event.target) || !action || !canPerform(action, context)) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', selectionText(context));
    };

    const onCut = (event: ClipboardEvent) => {
      const remove = actionCalled('edit.delete');
      if (editor.readOnly || !remove) return;
      onCopy(event);
      if (event.defaultPrevented) remove.perform(context);
    };

    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text/plain');
      if (editor.readOnly || isElsewhere(event.target) || !isPipeline(text)) return;
      event.preventDefault();
      pasteText(context, text);
    };

    window.addEventListener('keydown', onKeyOfNode, { capture: true });
    window.addEventListener('keydown', onKeyDown);
    document.addEventListener('copy', onCopy);
    document.addEventListener('cut', onCut);
    document.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('keydown', onKeyOfNode, { capture: true });
      window.removeEventListener('keydown', onKeyDown);
      document.removeEventListener('copy', onCopy);
      document.removeEventListener('cut', onCut);
      document.removeEventListener('paste', onPaste);
    };
  }, [editor, flow]);
}

const NOT_TEXT = new Set(['button', 'checkbox', 'radio', 'range', 'file']);

/** Whether the keys belong to somebody else: a text field, a menu or a dialog. */
function isElsewhere(target: EventTarget | null): boolean {
  return isInDialog() || isTyping(target);
}

function isInDialog(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !NOT_TEXT.has(target.type);
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
