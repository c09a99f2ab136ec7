import i18next from 'i18next';
import { expect, test } from 'vitest';
import type { Cause, Dataset, Explanation, ModuleSpec, NodeState } from '../api/types';
import { moduleOf, parameterOf } from '../editor/testing';
import type { PipelineNode } from './document';
import { inKeepingWith, sentenceOf } from './explanation';
import { titlesIn } from './names';
import type { Library } from './rules';

const SPLIT: ModuleSpec = {
  ...moduleOf('split_data', [
    parameterOf({
      name: 'splitting_mode',
      kind: 'choice',
      title: 'Splitting mode',
      choices: [
        { value: 'split_rows', title: 'Split rows' },
        { value: 'regular_expression', title: 'Regular expression' },
      ],
    }),
  ]),
  title: 'Split Data',
  outputs: ['results_dataset1', 'results_dataset2'].map((name, at) => ({
    name,
    title: `Results dataset${at + 1}`,
    type: 'Table',
    help: '',
    form: 'lazy',
  })),
};
const CLEAN: ModuleSpec = { ...moduleOf('clean_missing_data', []), title: 'Clean Missing Data' };
const CARS = { name: 'cars', title: 'Automobile prices' } as Dataset;
const LIBRARY: Library = {
  modules: new Map([SPLIT, CLEAN].map((module) => [module.id, module])),
  datasets: new Map([[CARS.name, CARS]]),
  portTypes: {},
};

const node = (module: string): PipelineNode => ({ module, inputs: {}, params: {} });
const NODES = {
  rows: { dataset: 'cars@2', inputs: {}, params: {} },
  one: node('split_data@1'),
  two: node('split_data'),
  clean: node('clean_missing_data'),
};
const NAMES = titlesIn(LIBRARY, [NODES, { gone: node('clean_missing_data') }]);

function told(cause: Pick<Cause, 'kind'> & Partial<Cause>): string {
  const root = { name: null, before: null, after: null, source: null, roots: [], ...cause };
  const explanation: Explanation = {
    node: 'clean',
    outcome: 'ran',
    sentence: '',
    causes: [{ ...root, node: cause.node ?? 'clean' }],
    same_again: [],
    origin: null,
    compared_with: 1,
    dataset: null,
    stopped_by: null,
    problem: null,
    ends_reuse: false,
  };
  const t = i18next.getFixedT('en', 'engine');
  return sentenceOf(explanation, { t, names: NAMES, quote: (name) => `[${name}]` });
}

test('nodes are called by their titles, and by their ids too where several have one title', () => {
  expect(['rows', 'clean', 'one', 'two'].map(NAMES.node)).toEqual([
    'Automobile prices',
    'Clean Missing Data',
    'Split Data (one)',
    'Split Data (two)',
  ]);
});

test('a node that was deleted since is called as it was, and an unknown one by its id', () => {
  expect(['gone', 'never'].map(NAMES.node)).toEqual(['Clean Missing Data', 'never']);
});

test('parameters and what they are set to are called as the form calls them', () => {
  const change = {
    name: 'splitting_mode',
    node: 'one',
    before: 'split_rows',
    after: 'regular_expression',
  } as const;
  expect(told({ kind: 'parameter', ...change })).toBe(
    'It ran because [Splitting mode] went from “Split rows” to “Regular expression”.',
  );
});

test('the end of a wire names the output where there are several', () => {
  expect(
    told({ kind: 'wiring', name: 'dataset', before: ['gone.results'], after: ['one.results_dataset2'] }),
  ).toBe(
    'It ran because its input [Dataset] comes from [Split Data (one): Results dataset2] now and came from [Clean Missing Data].',
  );
});

test('modules and datasets are called by their titles', () => {
  expect(told({ kind: 'module', before: 'split_data', after: 'clean_missing_data' })).toContain(
    'it is [Clean Missing Data] now and was [Split Data]',
  );
  const [before, after] = [1, 2].map((version) => ({ name: 'cars', version }));
  expect(told({ kind: 'dataset', node: 'rows', name: 'cars', before, after })).toContain(
    'the dataset [Automobile prices] went from version 1',
  );
});

type Kept = [outcome: Explanation['outcome'], status: NodeState['status'], shown: string | undefined];

test.each<Kept>([
  ['waits', 'waiting', 'waits'],
  ['waits', 'running', undefined],
  ['waits', 'completed', undefined],
  ['runs', 'queued', 'runs'],
  ['runs', 'completed', 'ran'],
  ['runs', 'failed', 'ran'],
  ['runs', 'cancelled', undefined],
  ['ran', 'completed', 'ran'],
  ['ran', 'queued', undefined],
  ['reused', 'reused', 'reused'],
])('that a node %s is told of one that is %s as %s', (outcome, status, shown) => {
  expect(inKeepingWith({ outcome } as Explanation, status)?.outcome).toBe(shown);
});
