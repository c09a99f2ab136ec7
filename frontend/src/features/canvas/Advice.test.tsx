import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { ReactFlowProvider } from '@xyflow/react';
import { expect, test } from 'vitest';
import type { Advice } from '../../api/types';
import { moduleOf, renderInEditor } from '../../editor/testing';
import type { PipelineDocument } from '../../pipeline/document';
import { AdviceCards } from './AdviceCard';
import { AdviceList } from './AdviceList';

const DOCUMENT: Partial<PipelineDocument> = {
  nodes: {
    cars: { dataset: 'cars', inputs: {}, params: {} },
    scale: { module: 'scale', inputs: { dataset: 'cars' }, params: {} },
    split: { module: 'split', inputs: { dataset: 'scale' }, params: {} },
  },
};

const ADVICE: Advice = {
  code: 'fitted_before_split',
  node: 'split',
  key: 'inputs.dataset',
  message: '',
  hint: '',
  nodes: { fitted: 'scale', split: 'split', test: 'score' },
  values: { learnt: 'values' },
  repair: {
    kind: 'move_behind_split',
    changes: [{ kind: 'set_input', node: 'split', input: 'dataset', before: 'scale', after: 'cars' }],
  },
};

const GROUP: Advice = {
  ...ADVICE,
  code: 'same_group',
  column: 'city',
  values: { column: 'city', share: 25 },
  repair: null,
};

function show(advice: Advice[], setting: { readOnly?: boolean; document?: Partial<PipelineDocument> } = {}) {
  return renderInEditor(
    <ReactFlowProvider>
      <AdviceList />
      <AdviceCards advice={advice} onDone={() => undefined} />
    </ReactFlowProvider>,
    {
      document: DOCUMENT,
      modules: [moduleOf('scale', []), moduleOf('split', [])],
      view: { examination: { problems: [], advice, schemas: {} } },
      ...setting,
    },
  );
}

test('a doubt says which nodes take part, and is mended in one edit', async () => {
  const { editor } = show([ADVICE]);
  expect(screen.getByText(/^scale takes figures .* and split divides them only afterwards/)).toBeVisible();
  expect(screen.getByTestId('advice-list')).toHaveTextContent('1 doubt');
  await userEvent.click(screen.getByRole('button', { name: 'Split first' }));
  expect(editor.store.getState().document.nodes.split?.inputs).toEqual({ dataset: 'cars' });
  expect(editor.view.getState().examination?.advice).toEqual([]);
  editor.store.getState().undo();
  expect(editor.store.getState().document.nodes.split?.inputs).toEqual({ dataset: 'scale' });
});

test('a repair that no longer fits changes nothing', async () => {
  const { editor } = show([ADVICE]);
  editor.store.getState().edit('connect', (draft) => {
    if (draft.nodes.split) draft.nodes.split.inputs.dataset = 'other';
  });
  await userEvent.click(screen.getByRole('button', { name: 'Split first' }));
  expect(editor.store.getState().document.nodes.split?.inputs).toEqual({ dataset: 'other' });
});

test('a doubt is dismissed with a note and called back', async () => {
  const { editor } = show([GROUP]);
  await userEvent.click(screen.getByTestId('advice-dismiss'));
  await userEvent.type(screen.getByLabelText('Why it may stand'), 'All cities are known');
  await userEvent.click(screen.getByTestId('advice-dismiss-save'));
  expect(editor.store.getState().document.nodes.split?.dismissed).toEqual([
    { advice: 'same_group', input: 'dataset', column: 'city', note: 'All cities are known' },
  ]);
  expect(screen.getByTestId('advice-note')).toHaveTextContent('Dismissed: All cities are known');
  expect(screen.getByTestId('advice-list')).toHaveTextContent('Doubts dismissed');
  await userEvent.click(screen.getByTestId('advice-recall'));
  expect(editor.store.getState().document.nodes.split?.dismissed).toBeUndefined();
});

test('a past run tells its doubts and offers nothing', () => {
  show([ADVICE, GROUP], { readOnly: true });
  expect(screen.getByTestId('advice-list')).toHaveTextContent('2 doubts');
  expect(screen.queryByTestId('advice-repair')).toBeNull();
  expect(screen.queryByTestId('advice-dismiss')).toBeNull();
});

test('the list leads to the wire', async () => {
  const { editor } = show([ADVICE]);
  await userEvent.click(screen.getByTestId('advice-list'));
  await userEvent.click(await screen.findByText('scale → split'));
  await waitFor(() => expect(editor.view.getState().openAdvice).toEqual({ node: 'split', input: 'dataset' }));
});

test('a wire that is gone is doubted no more', () => {
  show([ADVICE], { document: { nodes: { split: { module: 'split', inputs: {}, params: {} } } } });
  expect(screen.queryByTestId('advice-list')).toBeNull();
});
