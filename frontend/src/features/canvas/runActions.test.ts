import { beforeEach, expect, test } from 'vitest';
import type { Run } from '../../api/types';
import { createView, type Editor } from '../../editor/Editor';
import { createLiveRun } from '../../editor/liveRun';
import { EMPTY_DOCUMENT, type PipelineNode } from '../../pipeline/document';
import { createPipelineStore } from '../../pipeline/store';
import type { ActionContext } from './action';
import { actionCalled, actionFor, canPerform } from './actions';

const STEP: PipelineNode = { module: 'split_data', inputs: {}, params: {} };

let context: ActionContext;
beforeEach(() => {
  const nodes = { a: STEP, b: STEP, off: { ...STEP, disabled: true }, cars: { ...STEP, module: undefined } };
  const editor: Editor = {
    store: createPipelineStore({ ...EMPTY_DOCUMENT, nodes }),
    view: createView(),
    run: createLiveRun(),
    library: { modules: new Map(), datasets: new Map(), portTypes: {} },
    readOnly: false,
  };
  context = { editor, flow: {} as ActionContext['flow'] };
});

function perform(id: string, ...selection: string[]) {
  context.editor.view.setState({ selection: new Set(selection) });
  const action = actionCalled(id);
  if (action && canPerform(action, context)) action.perform(context);
  return context.editor.view.getState().wish;
}

test.each([
  ['run.all', [], {}],
  ['run.everything', [], { force: true }],
  ['run.to_here', ['a'], { targets: ['a'] }],
  ['run.from_here', ['a'], { starts: ['a'] }],
  ['run.selected', ['a', 'b'], { targets: ['a', 'b'], force: ['a', 'b'] }],
  ['run.to_here', ['a', 'off'], { targets: ['a'] }],
])('%s with %j selected asks for %j', (id, selection, wish) => {
  expect(perform(id, ...selection)).toEqual(wish);
});

test('a disabled node cannot be run to', () => {
  expect(perform('run.to_here', 'off')).toBeNull();
});

test('nothing is asked for while a run goes on, and nothing of a past run', () => {
  context.editor.run.setState({ run: { status: 'running' } as Run });
  expect(perform('run.all')).toBeNull();
  context.editor.run.setState({ run: { status: 'completed' } as Run });
  context = { ...context, editor: { ...context.editor, readOnly: true } };
  expect(perform('run.all')).toBeNull();
});

test('nodes are set to always run together, and back', () => {
  const reuse = () => Object.values(context.editor.store.getState().document.nodes).map((n) => n.allow_reuse);
  perform('edit.always_run', 'a', 'b', 'cars');
  expect(reuse()).toEqual([false, false, undefined, undefined]);
  perform('edit.always_run', 'a', 'b', 'cars');
  expect(reuse()).toEqual([undefined, undefined, undefined, undefined]);
});

test('every shortcut belongs to one action', () => {
  expect(actionFor('mod+enter')?.id).toBe('run.all');
  expect(actionFor('shift+f')?.id).toBe('run.from_here');
});
