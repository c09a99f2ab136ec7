/** What can be run from the canvas. The toolbar submits what these ask for, as it does for its own button. */
import type { RunWish } from '../../editor/Editor';
import { FINAL_RUN } from '../../pipeline/runState';
import { type ActionContext, type CanvasAction, defineAction } from './action';

const selected = ({ editor }: ActionContext) => [...editor.view.getState().selection];
const nodesOf = ({ editor }: ActionContext) => editor.store.getState().document.nodes;

function isFree({ editor }: ActionContext): boolean {
  const { run } = editor.run.getState();
  return run === null || FINAL_RUN.has(run.status);
}

/** Whether a run can be asked for, and the selection has a node that takes part. */
function canRunSelected(context: ActionContext): boolean {
  return isFree(context) && selected(context).some((id) => nodesOf(context)[id]?.disabled !== true);
}

function ask({ editor }: ActionContext, wish: RunWish): void {
  editor.view.setState({ wish });
}

function enabledOnes(context: ActionContext): string[] {
  return selected(context).filter((id) => nodesOf(context)[id]?.disabled !== true);
}

/** Whether all modules among the selected nodes are set to always run. */
function alwaysRun(context: ActionContext): boolean {
  const nodes = selected(context).flatMap((id) => nodesOf(context)[id] ?? []);
  return nodes.every((node) => !node.module || node.allow_reuse === false);
}

function toggleAlwaysRun(context: ActionContext): void {
  const reuse = alwaysRun(context);
  context.editor.store.getState().edit('reuse', (draft) => {
    for (const id of selected(context)) {
      const node = draft.nodes[id];
      if (!node?.module) continue;
      if (reuse) delete node.allow_reuse;
      else node.allow_reuse = false;
    }
  });
}

export const RUN_ACTIONS: readonly CanvasAction[] = [
  defineAction({
    id: 'run.all',
    kind: 'run',
    label: 'run_all',
    shortcuts: ['mod+enter'],
    changes: true,
    menu: 'canvas',
    isEnabled: (context) => isFree(context) && Object.keys(nodesOf(context)).length > 0,
    perform: (context) => ask(context, {}),
  }),
  defineAction({
    id: 'run.to_here',
    kind: 'run',
    label: 'run_to_here',
    hint: 'run_to_here_hint',
    shortcuts: ['shift+h'],
    changes: true,
    menu: 'node',
    isEnabled: canRunSelected,
    perform: (context) => ask(context, { targets: enabledOnes(context) }),
  }),
  defineAction({
    id: 'run.from_here',
    kind: 'run',
    label: 'run_from_here',
    hint: 'run_from_here_hint',
    shortcuts: ['shift+f'],
    changes: true,
    menu: 'node',
    isEnabled: canRunSelected,
    perform: (context) => ask(context, { starts: enabledOnes(context) }),
  }),
  defineAction({
    id: 'run.selected',
    kind: 'run',
    label: 'run_selected',
    menuLabel: (context) => (selected(context).length === 1 ? 'run_this' : 'run_selected'),
    hint: 'run_selected_hint',
    shortcuts: ['shift+s'],
    changes: true,
    menu: 'node',
    isEnabled: canRunSelected,
    perform: (context) => {
      const ids = enabledOnes(context);
      ask(context, { targets: ids, force: ids });
    },
  }),
  defineAction({
    id: 'run.everything',
    kind: 'run',
    label: 'run_everything',
    hint: 'run_everything_hint',
    shortcuts: ['shift+r'],
    changes: true,
    menu: 'canvas',
    isEnabled: (context) => isFree(context) && Object.keys(nodesOf(context)).length > 0,
    perform: (context) => ask(context, { force: true }),
  }),
  defineAction({
    id: 'edit.always_run',
    kind: 'node',
    label: 'toggle_always_run',
    menuLabel: (context) => (alwaysRun(context) ? 'reuse_again' : 'always_run'),
    shortcuts: ['shift+a'],
    changes: true,
    menu: 'node',
    isEnabled: (context) => selected(context).some((id) => nodesOf(context)[id]?.module !== undefined),
    perform: toggleAlwaysRun,
  }),
];
