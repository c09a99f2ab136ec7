/** What can be done on the canvas: one table for toolbar, menu, shortcuts and the list of shortcuts. */
import { selectNodes } from '../../editor/Editor';
import { wiresOf } from '../../pipeline/document';
import { copyNodes, disconnect, removeNodes } from '../../pipeline/edits';
import { tidyLayout } from '../../pipeline/layout';
import { outputsOf } from '../../pipeline/rules';
import { type ActionContext, type CanvasAction, defineAction } from './action';
import { pasteText, readClipboard, writeClipboard } from './clipboard';
import { focusPanel } from './panels';
import { RUN_ACTIONS } from './runActions';
import { showNodes } from './viewport';

const selected = ({ editor }: ActionContext) => editor.view.getState().selection;
const hasSelection = (context: ActionContext) => selected(context).size > 0;
const hasOneSelected = (context: ActionContext) => selected(context).size === 1;
const hasNodes = ({ editor }: ActionContext) =>
  Object.keys(editor.store.getState().document.nodes).length > 0;

/** The first output of the one node that is selected. */
function outputOfSelected({ editor }: ActionContext): string | undefined {
  const [id, ...others] = editor.view.getState().selection;
  const node = id === undefined || others.length > 0 ? undefined : editor.store.getState().document.nodes[id];
  return node && outputsOf(node, editor.library)[0]?.name;
}

function remove({ editor }: ActionContext): void {
  const { selection, wires } = editor.view.getState();
  editor.store.getState().edit('delete', (draft) => {
    for (const wire of wiresOf(draft)) if (wires.has(wire.id)) disconnect(draft, wire);
    removeNodes(draft, selection);
  });
  selectNodes(editor, []);
}

/** Whether all selected nodes are disabled. */
function areDisabled(context: ActionContext): boolean {
  const { nodes } = context.editor.store.getState().document;
  return [...selected(context)].every((id) => nodes[id]?.disabled);
}

function toggleDisabled(context: ActionContext): void {
  const enable = areDisabled(context);
  context.editor.store.getState().edit('disable', (draft) => {
    for (const id of selected(context)) {
      const node = draft.nodes[id];
      if (!node) continue;
      if (enable) delete node.disabled;
      else node.disabled = true;
    }
  });
}

function tidy({ editor, flow }: ActionContext): void {
  editor.store.getState().edit('tidy', (draft) => {
    draft.layout = tidyLayout(draft);
  });
  showNodes(flow, editor.store.getState().document);
}

export const ACTIONS: readonly CanvasAction[] = [
  ...RUN_ACTIONS,
  defineAction({
    id: 'edit.disable',
    kind: 'node',
    label: 'toggle_disabled',
    menuLabel: (context) => (areDisabled(context) ? 'enable' : 'disable'),
    shortcuts: ['mod+/'],
    changes: true,
    menu: 'node',
    isEnabled: hasSelection,
    perform: toggleDisabled,
  }),
  defineAction({
    id: 'edit.connect',
    kind: 'node',
    label: 'connections',
    shortcuts: ['mod+k'],
    menu: 'node',
    isEnabled: hasOneSelected,
    perform: ({ editor }) => editor.view.setState({ dialog: 'connections' }),
  }),
  defineAction({
    id: 'view.output',
    kind: 'node',
    label: 'open_output',
    shortcuts: ['shift+o'],
    menu: 'node',
    isEnabled: (context) => outputOfSelected(context) !== undefined,
    perform: (context) => {
      const [node] = selected(context);
      const port = outputOfSelected(context);
      if (node && port) context.editor.view.setState({ openOutput: { node, port } });
    },
  }),
  defineAction({
    id: 'edit.undo',
    label: 'undo',
    shortcuts: ['mod+z'],
    changes: true,
    isEnabled: ({ editor }) => editor.store.getState().past.length > 0,
    perform: ({ editor }) => editor.store.getState().undo(),
  }),
  defineAction({
    id: 'edit.redo',
    label: 'redo',
    shortcuts: ['mod+shift+z', 'mod+y'],
    changes: true,
    isEnabled: ({ editor }) => editor.store.getState().future.length > 0,
    perform: ({ editor }) => editor.store.getState().redo(),
  }),
  defineAction({
    id: 'edit.copy',
    label: 'copy',
    shortcuts: ['mod+c'],
    menu: 'node',
    byClipboardEvent: true,
    isEnabled: hasSelection,
    perform: writeClipboard,
  }),
  defineAction({
    id: 'edit.cut',
    label: 'cut',
    shortcuts: ['mod+x'],
    changes: true,
    menu: 'node',
    byClipboardEvent: true,
    isEnabled: hasSelection,
    perform: (context) => {
      writeClipboard(context);
      remove(context);
    },
  }),
  defineAction({
    id: 'edit.paste',
    label: 'paste',
    shortcuts: ['mod+v'],
    changes: true,
    menu: 'both',
    byClipboardEvent: true,
    perform: (context) => void readClipboard().then((text) => pasteText(context, text)),
  }),
  defineAction({
    id: 'edit.duplicate',
    label: 'duplicate',
    shortcuts: ['mod+d'],
    changes: true,
    menu: 'node',
    isEnabled: hasSelection,
    perform: (context) =>
      pasteText(context, copyNodes(context.editor.store.getState().document, selected(context))),
  }),
  defineAction({
    id: 'edit.delete',
    label: 'delete',
    shortcuts: ['delete', 'backspace'],
    changes: true,
    menu: 'node',
    isEnabled: (context) => hasSelection(context) || context.editor.view.getState().wires.size > 0,
    perform: remove,
  }),
  defineAction({
    id: 'select.all',
    label: 'select_all',
    shortcuts: ['mod+a'],
    menu: 'canvas',
    isEnabled: hasNodes,
    perform: ({ editor }) => selectNodes(editor, Object.keys(editor.store.getState().document.nodes)),
  }),
  defineAction({
    id: 'select.none',
    label: 'select_none',
    shortcuts: ['escape'],
    isEnabled: (context) => hasSelection(context) || context.editor.view.getState().wires.size > 0,
    perform: ({ editor }) => selectNodes(editor, []),
  }),
  defineAction({
    id: 'view.tidy',
    kind: 'view',
    label: 'tidy',
    shortcuts: ['mod+shift+l'],
    changes: true,
    menu: 'canvas',
    isEnabled: hasNodes,
    perform: tidy,
  }),
  defineAction({
    id: 'view.fit',
    kind: 'view',
    label: 'fit',
    shortcuts: ['shift+1'],
    menu: 'canvas',
    perform: ({ editor, flow }) => showNodes(flow, editor.store.getState().document),
  }),
  defineAction({
    id: 'view.zoom_in',
    kind: 'view',
    label: 'zoom_in',
    shortcuts: ['mod+='],
    perform: ({ flow }) => void flow.zoomIn(),
  }),
  defineAction({
    id: 'view.zoom_out',
    kind: 'view',
    label: 'zoom_out',
    shortcuts: ['mod+-'],
    perform: ({ flow }) => void flow.zoomOut(),
  }),
  defineAction({
    id: 'view.next_panel',
    kind: 'view',
    label: 'next_panel',
    shortcuts: ['f6'],
    everywhere: true,
    perform: () => focusPanel(1),
  }),
  defineAction({
    id: 'view.previous_panel',
    kind: 'view',
    label: 'previous_panel',
    shortcuts: ['shift+f6'],
    everywhere: true,
    perform: () => focusPanel(-1),
  }),
  defineAction({
    id: 'help.shortcuts',
    kind: 'view',
    label: 'shortcuts',
    shortcuts: ['?'],
    menu: 'canvas',
    perform: ({ editor }) => editor.view.setState({ dialog: 'shortcuts' }),
  }),
];

export function actionFor(shortcut: string): CanvasAction | undefined {
  return ACTIONS.find((action) => action.shortcuts.includes(shortcut));
}

export function actionCalled(id: string): CanvasAction | undefined {
  return ACTIONS.find((action) => action.id === id);
}

/** Whether an action may be done now, where it may be done at all. */
export function canPerform(action: CanvasAction, context: ActionContext): boolean {
  return !(action.changes && context.editor.readOnly) && action.isEnabled(context);
}
