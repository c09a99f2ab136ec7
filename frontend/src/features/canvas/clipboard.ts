/** Nodes on the clipboard, as text that other windows and people can read. */
import { selectNodes } from '../../editor/Editor';
import { copyNodes, pasteNodes } from '../../pipeline/edits';
import type { ActionContext } from './action';
import { isAnySeen, showNodes } from './viewport';

/** What was copied last, for where the system's clipboard may not be read. */
let copied = '';

export function selectionText({ editor }: ActionContext): string {
  copied = copyNodes(editor.store.getState().document, editor.view.getState().selection);
  return copied;
}

export function writeClipboard(context: ActionContext): void {
  navigator.clipboard?.writeText(selectionText(context)).catch(() => undefined);
}

export async function readClipboard(): Promise<string> {
  const text = await navigator.clipboard?.readText().catch(() => '');
  return isPipeline(text) ? text : copied;
}

export function isPipeline(text: string | undefined): text is string {
  return text?.includes('designer/pipeline') ?? false;
}

/** Add the nodes of a text, select them and bring them into view. */
export function pasteText({ editor, flow }: ActionContext, text: string): void {
  const ids = editor.store.getState().edit('paste', (draft) => pasteNodes(draft, text)) ?? [];
  if (ids.length === 0) return;
  selectNodes(editor, ids);
  const { document } = editor.store.getState();
  if (!isAnySeen(flow, document, ids)) showNodes(flow, document, ids);
}
