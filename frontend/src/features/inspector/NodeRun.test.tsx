import { act, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test } from 'vitest';
import type { Explanation, NodeState, Run, RunEvent } from '../../api/types';
import { moduleOf, parameterOf, renderInEditor } from '../../editor/testing';
import { NodeRun } from './NodeRun';

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const SPLIT = {
  ...moduleOf('split_data', [
    parameterOf({ name: 'fraction_of_rows', kind: 'number', title: 'Fraction of rows' }),
  ]),
  title: 'Split Data',
};
const STATE: NodeState = {
  status: 'completed',
  attempt: 1,
  due_at: null,
  queued_at: null,
  started_at: null,
  finished_at: null,
  seconds: null,
  error: null,
  metrics: {},
  tables: {},
  outputs: {},
  recipe: null,
};
const RAN: Explanation = {
  node: 'split',
  outcome: 'ran',
  sentence: '',
  causes: [
    {
      kind: 'parameter',
      node: 'split',
      name: 'fraction_of_rows',
      before: 0.7,
      after: 0.75,
      source: null,
      roots: [],
    },
  ],
  same_again: [],
  origin: null,
  compared_with: 4,
  dataset: null,
  stopped_by: null,
  problem: null,
  ends_reuse: false,
};

function serve(events: RunEvent[]) {
  globalThis.fetch = async (input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : String(input), 'http://localhost');
    return Response.json(pathname.endsWith('/events') ? events : { text: '', offset: 0, complete: true });
  };
}

function open(state: Partial<NodeState>, explanation: Partial<Explanation> = {}) {
  const node = { ...STATE, ...state };
  return renderInEditor(
    <MemoryRouter>
      <NodeRun id="split" />
    </MemoryRouter>,
    {
      document: { nodes: { split: { module: 'split_data', inputs: {}, params: {} } } },
      modules: [SPLIT],
      run: { id: 'r', number: 5, status: 'running', seq: 3, nodes: { split: node } } as unknown as Run,
      view: { explanations: { split: { ...RAN, ...explanation } } },
    },
  );
}

test('why a node ran is said with the titles of the form, and with what it is compared', () => {
  serve([]);
  open({});
  expect(screen.getByTestId('reason')).toHaveTextContent(
    'It ran because Fraction of rows went from 0.7 to 0.75.Compared with run 4',
  );
  expect(screen.getByText('Fraction of rows').tagName).toBe('B');
});

test('a reason that tells of a state before is not shown', () => {
  serve([]);
  open({}, { outcome: 'waits' });
  expect(screen.queryByTestId('reason')).toBeNull();
});

test('that a node runs becomes that it ran while newer reasons are on the way', () => {
  serve([]);
  const { editor } = open({ status: 'running' }, { outcome: 'runs' });
  expect(screen.getByTestId('reason')).toHaveTextContent('It runs because');
  const { run } = editor.run.getState();
  act(() => editor.run.setState({ run: run && { ...run, nodes: { split: STATE } } }));
  expect(screen.getByTestId('reason')).toHaveTextContent('It ran because');
});

test('a step that is to be tried again says when, and how the attempt before ended', async () => {
  const queued = (attempt: number, message: string): RunEvent => ({
    seq: attempt,
    at: '2026-01-01T00:00:00Z',
    node: 'split',
    kind: 'step_queued',
    data: { attempt, error: { code: '0021', message } },
  });
  serve([queued(2, 'The first failure'), queued(3, 'Too few rows')]);
  open({ status: 'queued', attempt: 3, due_at: '2026-01-01T10:00:05Z' }, { outcome: 'runs' });
  expect(await screen.findByText('Attempt 2 ended with: Too few rows')).toBeInTheDocument();
  expect(screen.getByTestId('attempt')).toHaveTextContent(/Attempt 3 begins at .*5/);
});

test('attempts are no longer told of when the step has ended', () => {
  serve([]);
  open({ status: 'completed', attempt: 3 });
  expect(screen.queryByTestId('attempt')).toBeNull();
});

test('a step that has ended says how often it was tried, if that was more than once', () => {
  serve([]);
  open({ status: 'failed', attempt: 3, finished_at: '2026-01-01T10:00:09Z' });
  expect(screen.getByText('Attempts').nextElementSibling).toHaveTextContent('3');
});

test('a step that ended at the first attempt does not speak of attempts', () => {
  serve([]);
  open({ finished_at: '2026-01-01T10:00:09Z' });
  expect(screen.queryByText('Attempts')).toBeNull();
});

test('a step that is queued again does not say when the attempt before began', () => {
  serve([]);
  const at = '2026-01-01T10:00:05Z';
  open({ status: 'queued', attempt: 2, queued_at: at, started_at: at, due_at: at });
  expect(screen.getAllByText('Queued')).toHaveLength(2);
  expect(screen.queryByText('Started')).toBeNull();
});

test('each output shows by its icon what kind of thing it is', () => {
  serve([]);
  const output = (type: string, meta = {}) => ({ digest: type, type, meta });
  const receipt = { name: 'receipt.json', details: { rows: 3 } };
  const outputs = {
    rows: output('Table'),
    fitted: output('PredictiveModel'),
    change: output('Transform'),
    algorithm: output('TwoClassClassifier'),
    archive: output('File', { name: 'data.zip' }),
    written: output('File', receipt),
    other: output('Images'),
  };
  const { editor } = open({ outputs });
  Object.assign(editor.library.portTypes, {
    PredictiveModel: ['Model'],
    TwoClassClassifier: ['Classifier', 'SupervisedLearner', 'Learner'],
  });
  act(() => editor.run.setState(({ run }) => ({ run: run && { ...run, number: 6 } })));
  const typeOf = (name: string) =>
    screen.getByRole('button', { name }).querySelector('svg')?.getAttribute('data-type');
  expect(Object.keys(outputs).map(typeOf)).toEqual([
    'Table',
    'Model',
    'Transform',
    'Learner',
    'File',
    'Receipt',
    null,
  ]);
});
