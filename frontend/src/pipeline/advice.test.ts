import { expect, test } from 'vitest';
import type { Advice, Repair } from '../api/types';
import { applyRepair, canRepair, dismiss, noteOf, recall } from './advice';
import { documentOf, EMPTY_DOCUMENT, type PipelineDocument } from './document';
import { createPipelineStore } from './store';

const ADVICE: Advice = {
  code: 'same_group',
  node: 'split',
  key: 'inputs.dataset',
  message: '',
  hint: '',
  column: 'city',
};

const DOCUMENT: PipelineDocument = {
  ...EMPTY_DOCUMENT,
  nodes: {
    cars: { dataset: 'cars', inputs: {}, params: {} },
    scale: { module: 'normalize_data', inputs: { dataset: 'cars' }, params: {} },
    split: { module: 'split_data', inputs: { dataset: 'scale.transformed_dataset' }, params: {} },
  },
  layout: { cars: [0, 0], scale: [0, 120], split: [0, 240] },
};

const REPAIR: Repair = {
  kind: 'move_behind_split',
  changes: [
    { kind: 'move_node', node: 'split', place: [0, 120] },
    {
      kind: 'set_input',
      node: 'split',
      input: 'dataset',
      before: 'scale.transformed_dataset',
      after: 'cars',
    },
    { kind: 'set_input', node: 'scale', input: 'dataset', before: 'cars', after: 'split.results_dataset1' },
    { kind: 'add_node', node: 'apply', module: 'apply_transformation', params: { x: 1 }, place: [260, 240] },
    { kind: 'set_input', node: 'apply', input: 'dataset', before: null, after: 'split.results_dataset2' },
    { kind: 'set_parameter', node: 'split', name: 'seed', value: 3 },
    { kind: 'remove_node', node: 'cars' },
  ],
};

test('a dismissal is kept at its node, undone and called back', () => {
  const store = createPipelineStore(DOCUMENT);
  store.getState().edit('dismiss', (draft) => dismiss(draft, ADVICE, ' Cities do not matter '));
  const { document } = store.getState();
  expect(document.nodes.split?.dismissed).toEqual([
    { advice: 'same_group', input: 'dataset', column: 'city', note: 'Cities do not matter' },
  ]);
  expect(noteOf(document, ADVICE)).toBe('Cities do not matter');
  expect(noteOf(document, { ...ADVICE, column: 'street' })).toBeNull();
  expect(noteOf(document, { ...ADVICE, code: 'same_rows', column: null })).toBeNull();
  store.getState().undo();
  expect(noteOf(store.getState().document, ADVICE)).toBeNull();
  store.getState().redo();
  store.getState().edit('recall', (draft) => recall(draft, ADVICE));
  expect(store.getState().document.nodes.split).toEqual(DOCUMENT.nodes.split);
});

test('a dismissal without a note, or one that is given again, is one dismissal', () => {
  const store = createPipelineStore(DOCUMENT);
  store.getState().edit('dismiss', (draft) => dismiss(draft, ADVICE, ''));
  expect(noteOf(store.getState().document, ADVICE)).toBe('');
  store.getState().edit('dismiss', (draft) => dismiss(draft, ADVICE, 'Why'));
  expect(store.getState().document.nodes.split?.dismissed).toHaveLength(1);
});

test('dismissals come from the server and go back as they are', () => {
  const dismissed = [{ advice: 'same_rows', input: 'dataset', column: null, note: '' }];
  const read = documentOf({
    format: 'designer/pipeline@1',
    name: '',
    description: '',
    nodes: { split: { module: 'split_data', dismissed } as never },
  });
  expect(read.nodes.split?.dismissed).toEqual([{ advice: 'same_rows', input: 'dataset' }]);
});

test('a repair is one edit', () => {
  const store = createPipelineStore(DOCUMENT);
  expect(canRepair(DOCUMENT, REPAIR)).toBe(true);
  store.getState().edit('repair', (draft) => applyRepair(draft, REPAIR));
  const { document } = store.getState();
  expect(document.nodes).toEqual({
    scale: { module: 'normalize_data', inputs: { dataset: 'split.results_dataset1' }, params: {} },
    split: { module: 'split_data', inputs: { dataset: 'cars' }, params: { seed: 3 } },
    apply: {
      module: 'apply_transformation',
      inputs: { dataset: 'split.results_dataset2' },
      params: { x: 1 },
    },
  });
  expect(document.layout).toEqual({ scale: [0, 120], split: [0, 120], apply: [260, 240] });
  store.getState().undo();
  expect(store.getState().document).toEqual(DOCUMENT);
});

test.each([
  ['a wire was drawn anew', { split: { ...DOCUMENT.nodes.split, inputs: { dataset: 'cars' } } }],
  ['the new name is taken', { apply: DOCUMENT.nodes.scale }],
])('a repair does not fit where %s', (_, changed) => {
  const document = { ...DOCUMENT, nodes: { ...DOCUMENT.nodes, ...changed } as PipelineDocument['nodes'] };
  expect(canRepair(document, REPAIR)).toBe(false);
});

test('a repair does not fit where its node is gone', () => {
  const { split: _, ...nodes } = DOCUMENT.nodes;
  expect(canRepair({ ...DOCUMENT, nodes }, REPAIR)).toBe(false);
});
