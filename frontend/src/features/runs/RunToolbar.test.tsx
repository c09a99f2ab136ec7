import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import type { Examination, Problem, Run } from '../../api/types';
import { renderInEditor } from '../../editor/testing';
import type { PipelineDocument } from '../../pipeline/document';
import { RunToolbar } from './RunToolbar';

const PROBLEM: Problem = {
  code: 'needs_value',
  message: "Node 'train': parameter 'label_column' needs a value",
  node: 'train',
  key: 'params.label_column',
  found: null,
  expected: null,
  line: null,
  hint: null,
  values: {},
  severity: 'error',
};

/** As the list says it: with the node as the page calls it. */
const LISTED = "train_model: parameter 'label_column' needs a value";

const STARTED = { id: 'r', number: 1, status: 'queued', seq: 0, nodes: {} } as unknown as Run;

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

/** A server that answers submissions; what was asked of it is kept. */
function serve(answer: Response) {
  const asked: { path: string; body: unknown }[] = [];
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const text = await request.text();
    asked.push({ path: new URL(request.url).pathname, body: text ? JSON.parse(text) : null });
    return answer;
  };
  return asked;
}

function open(given: { problems?: Problem[]; document?: Partial<PipelineDocument> } = {}) {
  const started: Run[] = [];
  const examination = { problems: given.problems ?? [], schemas: {} } as Examination;
  const { editor } = renderInEditor(
    <RunToolbar draftId="d" save={async () => true} onStarted={(run) => started.push(run)} />,
    {
      document: {
        nodes: { train: { module: 'train_model', inputs: {}, params: {} } },
        ...given.document,
      },
      view: { examination },
    },
  );
  return { editor, started };
}

test('problems are listed and nothing is submitted; one leads to its field', async () => {
  const asked = serve(Response.json({}));
  const { editor } = open({ problems: [PROBLEM, { ...PROBLEM, message: 'A leak', severity: 'warning' }] });
  await userEvent.click(screen.getByTestId('run-button'));
  expect(await screen.findByText('1 warning')).toBeInTheDocument();
  await userEvent.click(await screen.findByText(LISTED));
  expect([...editor.view.getState().selection]).toEqual(['train']);
  expect(editor.view.getState().focusedParameter).toEqual({ node: 'train', name: 'label_column' });
  expect(asked).toEqual([]);
});

test('a sound draft is submitted', async () => {
  const asked = serve(Response.json(STARTED, { status: 201 }));
  const { started } = open();
  await userEvent.click(screen.getByTestId('run-button'));
  await expect.poll(() => started).toEqual([STARTED]);
  expect(asked).toEqual([{ path: '/api/runs', body: { draft_id: 'd', parameters: {} } }]);
});

test('a part that the canvas asks for is submitted, though the rest is unfinished', async () => {
  const asked = serve(Response.json(STARTED, { status: 201 }));
  const { editor, started } = open({ problems: [PROBLEM] });
  act(() => editor.view.setState({ wish: { targets: ['split'] } }));
  await expect.poll(() => started).toEqual([STARTED]);
  expect(asked).toEqual([{ path: '/api/runs', body: { draft_id: 'd', parameters: {}, targets: ['split'] } }]);
  expect(editor.view.getState().wish).toBeNull();
});

test('everything is run again, and the run stops at the first failure, if that is chosen', async () => {
  const asked = serve(Response.json(STARTED, { status: 201 }));
  open();
  await userEvent.click(screen.getByTestId('run-menu'));
  await userEvent.click(await screen.findByRole('menuitemcheckbox', { name: 'Stop at the first failure' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Run everything again' }));
  await expect
    .poll(() => asked[0]?.body)
    .toEqual({ draft_id: 'd', parameters: {}, force: true, stop_on_failure: true });
  window.localStorage.clear();
});

test('values of pipeline parameters are asked for; only what was changed is sent', async () => {
  const asked = serve(Response.json(STARTED, { status: 201 }));
  open({
    document: {
      parameters: { share: { type: 'float', default: 0.7 }, depth: { type: 'int', default: 3 } },
    },
  });
  await userEvent.click(screen.getByTestId('run-button'));
  const depth = await screen.findByRole('textbox', { name: 'depth' });
  await userEvent.clear(depth);
  await userEvent.type(depth, '5');
  await userEvent.click(screen.getByTestId('submit-run'));
  await expect.poll(() => asked[0]?.body).toEqual({ draft_id: 'd', parameters: { depth: 5 } });
});

test('problems that only the server knows are listed', async () => {
  const refusal = { code: 'invalid_document', message: 'It cannot run', problems: [PROBLEM] };
  serve(Response.json(refusal, { status: 422 }));
  open();
  await userEvent.click(screen.getByTestId('run-button'));
  expect(await screen.findByText(LISTED)).toBeInTheDocument();
});

test('a run that goes on shows how far it is and can be cancelled', async () => {
  const asked = serve(Response.json(STARTED));
  const { editor } = open();
  const nodes = { a: { status: 'completed' }, b: { status: 'running' } };
  act(() =>
    editor.run.setState({
      connected: true,
      run: { ...STARTED, status: 'running', created_at: new Date().toISOString(), nodes } as unknown as Run,
    }),
  );
  expect(screen.getByTestId('run-status')).toHaveTextContent('1 of 2 nodes');
  await userEvent.click(screen.getByTestId('cancel-button'));
  await expect.poll(() => asked[0]?.path).toBe('/api/runs/r/cancel');
});
