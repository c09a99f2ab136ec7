/** What can be done on the canvas: one table for toolbar, menu, shortcuts and the list of shortcuts. */
import type { ReactFlowInstance } from '@xyflow/react';
import { type Editor, selectNodes } from '../../editor/Editor';
import { copyNodes, pasteNodes, removeNodes } from '../../pipeline/edits';
import { tidyLayout } from '../../pipeline/layout';

export interface ActionContext {
  editor: Editor;
  flow: ReactFlowInstance;
}

export interface CanvasAction {
  id: string;
  /** Key of the label in canvas.json. */
  label: string;
  /** Such as `mod+z`; `mod` is Ctrl, or Command on a Mac. */
  shortcuts: string[];
  changes: boolean;
  isEnabled: (context: ActionContext) => boolean;
  perform: (context: ActionContext) => void;
}

const PASTE_OFFSET = 40;
const FIT = { padding: 0.2, maxZoom: 1, duration: 200 };

let clipboard = '';

const selected = ({ editor }: ActionContext) => editor.view.getState().selection;
const hasSelection = (context: ActionContext) => selected(context).size > 0;
const always = () => true;

function remove(context: ActionContext): void {
  const { editor } = context;
  editor.store.getState().edit('delete', (draft) => removeNodes(draft, selected(context)));
  selectNodes(editor, []);
}

function copy(context: ActionContext): void {
  clipboard = copyNodes(context.editor.store.getState().document, selected(context));
  // The system's clipboard carries nodes to other windows; where it is refused, ours serves this one.
  navigator.clipboard?.writeText(clipboard).catch(() => undefined);
}

function paste({ editor }: ActionContext, text: string): void {
  const ids = editor.store.getState().edit('paste', (draft) => pasteNodes(draft, text, PASTE_OFFSET));
  if (ids && ids.length > 0) selectNodes(editor, ids);
}

async function pasteFromClipboard(context: ActionContext): Promise<void> {
  const text = await navigator.clipboard?.readText().catch(() => '');
  paste(context, text?.includes('designer/pipeline') ? text : clipboard);
}

export const ACTIONS: readonly CanvasAction[] = [
  {
    id: 'edit.undo',
    label: 'undo',
    shortcuts: ['mod+z'],
    changes: true,
    isEnabled: ({ editor }) => editor.store.getState().past.length > 0,
    perform: ({ editor }) => editor.store.getState().undo(),
  },
  {
    id: 'edit.redo',
    label: 'redo',
    shortcuts: ['mod+shift+z', 'mod+y'],
    changes: true,
    isEnabled: ({ editor }) => editor.store.getState().future.length > 0,
    perform: ({ editor }) => editor.store.getState().redo(),
  },
  {
    id: 'edit.copy',
    label: 'copy',
    shortcuts: ['mod+c'],
    changes: false,
    isEnabled: hasSelection,
    perform: copy,
  },
  {
    id: 'edit.cut',
    label: 'cut',
    shortcuts: ['mod+x'],
    changes: true,
    isEnabled: hasSelection,
    perform: (context) => {
      copy(context);
      remove(context);
    },
  },
  {
    id: 'edit.paste',
    label: 'paste',
    shortcuts: ['mod+v'],
    changes: true,
    isEnabled: always,
    perform: (context) => void pasteFromClipboard(context),
  },
  {
    id: 'edit.duplicate',
    label: 'duplicate',
    shortcuts: ['mod+d'],
    changes: true,
    isEnabled: hasSelection,
    perform: (context) =>
      paste(context, copyNodes(context.editor.store.getState().document, selected(context))),
  },
  {
    id: 'edit.delete',
    label: 'delete',
    shortcuts: ['delete', 'backspace'],
    changes: true,
    isEnabled: hasSelection,
    perform: remove,
  },
  {
    id: 'edit.disable',
    label: 'toggle_disabled',
    shortcuts: ['mod+/'],
    changes: true,
    isEnabled: hasSelection,
    perform: (context) =>
      context.editor.store.getState().edit('disable', (draft) => {
        const ids = [...selected(context)];
        const enable = ids.every((id) => draft.nodes[id]?.disabled);
        for (const id of ids) {
          const node = draft.nodes[id];
          if (!node) continue;
          if (enable) delete node.disabled;
          else node.disabled = true;
        }
      }),
  },
  {
    id: 'select.all',
    label: 'select_all',
    shortcuts: ['mod+a'],
    changes: false,
    isEnabled: always,
    perform: ({ editor }) => selectNodes(editor, Object.keys(editor.store.getState().document.nodes)),
  },
  {
    id: 'view.tidy',
    label: 'tidy',
    shortcuts: ['mod+shift+l'],
    changes: true,
    isEnabled: ({ editor }) => Object.keys(editor.store.getState().document.nodes).length > 0,
    perform: ({ editor, flow }) => {
      editor.store.getState().edit('tidy', (draft) => {
        draft.layout = tidyLayout(draft);
      });
      requestAnimationFrame(() => void flow.fitView(FIT));
    },
  },
  {
    id: 'view.fit',
    label: 'fit',
    shortcuts: ['shift+1'],
    changes: false,
    isEnabled: always,
    perform: ({ flow }) => void flow.fitView(FIT),
  },
  {
    id: 'view.zoom_in',
    label: 'zoom_in',
    shortcuts: ['mod+='],
    changes: false,
    isEnabled: always,
    perform: ({ flow }) => void flow.zoomIn(),
  },
  {
    id: 'view.zoom_out',
    label: 'zoom_out',
    shortcuts: ['mod+-'],
    changes: false,
    isEnabled: always,
    perform: ({ flow }) => void flow.zoomOut(),
  },
];

const IS_MAC = /Mac|iP/.test(navigator.userAgent);

/** The shortcut that a key event means, in the table's spelling. */
export function shortcutOf(event: KeyboardEvent): string {
  const mod = IS_MAC ? event.metaKey : event.ctrlKey;
  const key = event.key.toLowerCase() === '+' ? '=' : event.key.toLowerCase();
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  return [mod && 'mod', event.shiftKey && 'shift', digit ?? key].filter(Boolean).join('+');
}

/** A shortcut as people write it. */
export function shownShortcut(shortcut: string): string {
  const names: Record<string, string> = { mod: IS_MAC ? '⌘' : 'Ctrl', shift: IS_MAC ? '⇧' : 'Shift' };
  return shortcut
    .split('+')
    .map((part) => names[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join(IS_MAC ? '' : '+');
}

export function actionFor(shortcut: string): CanvasAction | undefined {
  return ACTIONS.find((action) => action.shortcuts.includes(shortcut));
}
