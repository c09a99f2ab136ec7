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

function toggleAlwaysRun(context: ActionContext): void {
  context.editor.store.getState().edit('reuse', (draft) => {
    const nodes = selected(context).flatMap((id) => (draft.nodes[id]?.module ? [draft.nodes[id]] : []));
    const reuse = nodes.every((node) => node.allow_reuse === false);
    for (const node of nodes) {
      if (reuse) delete node.allow_reuse;
      else node.allow_reuse = false;
    }
  });
}

export const RUN_ACTIONS: readonly CanvasAction[] = [
  defineAction({
    id: 'run.all',
    label: 'run_all',
    shortcuts: ['mod+enter'],
    changes: true,
    menu: 'canvas',
    isEnabled: (context) => isFree(context) && Object.keys(nodesOf(context)).length > 0,
    perform: (context) => ask(context, {}),
  }),
  defineAction({
    id: 'run.to_here',
    label: 'run_to_here',
    shortcuts: ['shift+h'],
    changes: true,
    menu: 'node',
    isEnabled: canRunSelected,
    perform: (context) => ask(context, { targets: enabledOnes(context) }),
  }),
  defineAction({
    id: 'run.from_here',
    label: 'run_from_here',
    shortcuts: ['shift+f'],
    changes: true,
    menu: 'node',
    isEnabled: canRunSelected,
    perform: (context) => ask(context, { starts: enabledOnes(context) }),
  }),
  defineAction({
    id: 'run.selected',
    label: 'run_selected',
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
    label: 'run_everything',
    shortcuts: ['shift+r'],
    changes: true,
    menu: 'canvas',
    isEnabled: (context) => isFree(context) && Object.keys(nodesOf(context)).length > 0,
    perform: (context) => ask(context, { force: true }),
  }),
  defineAction({
    id: 'edit.always_run',
    label: 'toggle_always_run',
    shortcuts: ['shift+a'],
    changes: true,
    menu: 'node',
    isEnabled: (context) => selected(context).some((id) => nodesOf(context)[id]?.module !== undefined),
    perform: toggleAlwaysRun,
  }),
];
