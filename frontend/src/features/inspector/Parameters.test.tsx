import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import type { Examination, Parameter, Problem } from '../../api/types';
import type { Editor } from '../../editor/Editor';
import { moduleOf, parameterOf, renderInEditor } from '../../editor/testing';
import type { JsonValue, PipelineDocument } from '../../pipeline/document';
import { Inspector } from './Inspector';

const FRACTION = parameterOf({ name: 'fraction', kind: 'number', default: 0.5, title: 'Fraction of rows' });
const SEED = parameterOf({ name: 'seed', kind: 'seed', default: 0, nullable: true });
const RATES = parameterOf({ name: 'rates', kind: 'numbers', default: '0.1; 0.2', title: 'Rates' });
const MODE = parameterOf({
  name: 'mode',
  kind: 'choice',
  default: 'rows',
  choices: [
    { value: 'rows', title: 'Split rows' },
    { value: 'pattern', title: 'Regular expression' },
  ],
});
const PATTERN = parameterOf({ name: 'pattern', kind: 'text', default: '', when: { mode: ['pattern'] } });
const STRATIFY = parameterOf({ name: 'stratify', kind: 'boolean', default: false });
const LABEL = parameterOf({ name: 'label', kind: 'column', required: true, port: 'dataset' });
const COLUMNS = parameterOf({ name: 'columns', kind: 'columns', default: { base: 'all' }, port: 'dataset' });

const SCHEMA = {
  kind: 'table',
  columns: ['make', 'price'].map((name) => ({ name, dtype: 'String', role: 'feature', categorical: false })),
};

interface Given {
  parameters: Parameter[];
  params?: Record<string, JsonValue>;
  document?: Partial<PipelineDocument>;
  problems?: Problem[];
  schema?: boolean;
  seenIn?: number;
  readOnly?: boolean;
}

function open({
  parameters,
  params = {},
  document,
  problems = [],
  schema = true,
  seenIn,
  readOnly,
}: Given): Editor {
  const examination = {
    problems,
    schemas: schema ? { cars: { dataset: { ...SCHEMA, seen_in: seenIn } } } : {},
  } as unknown as Examination;
  return renderInEditor(<Inspector />, {
    modules: [moduleOf('split_data', parameters)],
    document: {
      nodes: {
        cars: { dataset: 'cars', inputs: {}, params: {} },
        split: { module: 'split_data', inputs: { dataset: 'cars' }, params },
      },
      ...document,
    },
    view: { selection: new Set(['split']), examination },
    readOnly,
  }).editor;
}

const paramsOf = (editor: Editor) => editor.store.getState().document.nodes.split?.params;
const field = (name: string) => within(screen.getByTestId(`parameter-${name}`));

test('a number is written; nothing is written while it is blank; the default is left out', async () => {
  const editor = open({ parameters: [FRACTION] });
  const input = field('fraction').getByRole('textbox', { name: 'Fraction of rows' });
  await userEvent.clear(input);
  expect(input).toHaveValue('');
  expect(paramsOf(editor)).toEqual({});
  await userEvent.type(input, '0.7');
  expect(paramsOf(editor)).toEqual({ fraction: 0.7 });
  await userEvent.clear(input);
  await userEvent.type(input, '0.5');
  expect(paramsOf(editor)).toEqual({});
});

test('a blank number comes back when the field is left', async () => {
  open({ parameters: [FRACTION], params: { fraction: 0.3 } });
  const input = field('fraction').getByRole('textbox');
  await userEvent.clear(input);
  await userEvent.tab();
  expect(input).toHaveValue('0.3');
});

test('a blank seed is drawn for each run', async () => {
  const editor = open({ parameters: [SEED] });
  await userEvent.clear(field('seed').getByRole('textbox'));
  expect(paramsOf(editor)).toEqual({ seed: null });
  expect(field('seed').getByPlaceholderText('Blank: drawn for each run')).toBeVisible();
});

test('a list of numbers is a row of pills, and the document holds it as text', async () => {
  const editor = open({ parameters: [RATES] });
  expect(field('rates').getByText('0.1')).toBeVisible();
  await userEvent.type(field('rates').getByRole('combobox', { name: 'Rates' }), '0.25;');
  expect(paramsOf(editor)).toEqual({ rates: '0.1; 0.2; 0.25' });
  await userEvent.type(field('rates').getByRole('combobox'), '{backspace}{backspace}{backspace}');
  expect(paramsOf(editor)).toEqual({ rates: '' });
});

test('what is typed into a list of numbers counts when the field is left', async () => {
  const editor = open({ parameters: [RATES], params: { rates: '0.3;0.4' } });
  await userEvent.type(field('rates').getByRole('combobox'), 'many');
  await userEvent.tab();
  expect(paramsOf(editor)).toEqual({ rates: '0.3; 0.4; many' });
});

test('a field whose condition does not hold is not there', async () => {
  open({ parameters: [MODE, PATTERN] });
  expect(screen.queryByTestId('parameter-pattern')).toBeNull();
  await userEvent.click(field('mode').getByRole('combobox'));
  await userEvent.click(screen.getByRole('option', { name: 'Regular expression' }));
  await userEvent.type(field('pattern').getByRole('textbox'), '^a');
  expect(screen.getByTestId('parameter-pattern')).toBeVisible();
});

test('of several conditions, one must hold', () => {
  const when: Parameter['when'] = [{ mode: ['pattern'] }, { stratify: [true] }];
  const either = parameterOf({ name: 'either', kind: 'text', default: '', when });
  open({ parameters: [MODE, STRATIFY, either], params: { stratify: true } });
  expect(screen.getByTestId('parameter-either')).toBeVisible();
});

test('with none of several conditions a field is not there', () => {
  const when: Parameter['when'] = [{ mode: ['pattern'] }, { stratify: [true] }];
  open({ parameters: [MODE, STRATIFY, parameterOf({ name: 'either', kind: 'text', default: '', when })] });
  expect(screen.queryByTestId('parameter-either')).toBeNull();
});

test('a yes or no is a switch', async () => {
  const editor = open({ parameters: [STRATIFY] });
  await userEvent.click(field('stratify').getByRole('switch'));
  expect(paramsOf(editor)).toEqual({ stratify: true });
});

test('a column is picked from those that the input will have', async () => {
  const editor = open({ parameters: [LABEL] });
  await userEvent.click(field('label').getByRole('combobox'));
  await userEvent.click(screen.getByRole('option', { name: /price/ }));
  expect(paramsOf(editor)).toEqual({ label: 'price' });
});

test('a column is typed where the columns are not known', async () => {
  const editor = open({ parameters: [LABEL], schema: false });
  await userEvent.type(field('label').getByRole('textbox'), 'price');
  expect(paramsOf(editor)).toEqual({ label: 'price' });
});

test('columns are taken away by a rule, and their number is told', async () => {
  const editor = open({ parameters: [COLUMNS] });
  await userEvent.click(field('columns').getByRole('button', { name: 'Add a rule' }));
  await userEvent.click(field('columns').getByRole('combobox', { name: 'column names' }));
  await userEvent.click(screen.getByRole('option', { name: /price/ }));
  expect(paramsOf(editor)).toEqual({
    columns: { base: 'all', rules: [{ op: 'exclude', by: 'names', values: ['price'] }] },
  });
  expect(screen.getByText('1 of 2 columns')).toBeVisible();
});

test('what rules take becomes a list of names', async () => {
  const editor = open({ parameters: [COLUMNS] });
  await userEvent.click(field('columns').getByText('By name'));
  expect(paramsOf(editor)).toEqual({ columns: ['make', 'price'] });
});

test('a value goes back to its default', async () => {
  const editor = open({ parameters: [FRACTION], params: { fraction: 0.9 } });
  await userEvent.click(screen.getByRole('button', { name: /Back to the default/ }));
  expect(paramsOf(editor)).toEqual({});
});

test('a value becomes a pipeline parameter and one of its own again', async () => {
  const editor = open({ parameters: [FRACTION], params: { fraction: 0.9 } });
  await userEvent.click(screen.getByRole('button', { name: /Use a pipeline parameter/ }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'New pipeline parameter' }));
  expect(paramsOf(editor)).toEqual({ fraction: { $parameter: 'fraction' } });
  expect(editor.store.getState().document.parameters).toEqual({ fraction: { type: 'float', default: 0.9 } });
  await userEvent.click(screen.getByRole('button', { name: /Set the value here/ }));
  expect(paramsOf(editor)).toEqual({ fraction: 0.9 });
});

const problem = (key: string | null, message: string): Problem => ({
  code: 'wrong',
  message: `Node 'split': ${message}`,
  node: 'split',
  key,
  found: null,
  expected: null,
  line: null,
  hint: null,
  values: {},
  severity: 'error',
});

test('a problem stands at its field, and others above the form', () => {
  open({
    parameters: [FRACTION],
    problems: [
      problem('params.fraction', "parameter 'fraction' takes at most 1; found 7"),
      problem('inputs.dataset', "input 'dataset' has no wire"),
    ],
  });
  expect(field('fraction').getByRole('alert')).toHaveTextContent('takes at most 1');
  expect(screen.getByText("input 'dataset' has no wire")).toBeVisible();
});

test('what points at a parameter brings it to the front, each time', async () => {
  const editor = open({ parameters: [FRACTION] });
  const point = () => editor.view.setState({ focusedParameter: { node: 'split', name: 'fraction' } });
  act(point);
  expect(field('fraction').getByRole('textbox')).toHaveFocus();
  await userEvent.click(screen.getByRole('tab', { name: 'Run' }));
  act(point);
  expect(screen.getByRole('tab', { name: 'Parameters' })).toHaveAttribute('aria-selected', 'true');
});

test('a past run cannot be edited', () => {
  open({ parameters: [FRACTION], readOnly: true });
  expect(field('fraction').getByRole('textbox')).toBeDisabled();
  expect(screen.queryByRole('button', { name: /Use a pipeline parameter/ })).toBeNull();
});

test('columns that only a run has told are offered as its own, and others may be written', async () => {
  const editor = open({ parameters: [LABEL, COLUMNS], params: { columns: ['make'] }, seenIn: 5 });
  const label = field('label');
  expect(label.getByText('as of the last run that gave them, number 5')).toBeVisible();
  await userEvent.click(label.getByRole('combobox'));
  await userEvent.click(await screen.findByRole('option', { name: /^price/ }));
  expect(paramsOf(editor)?.label).toBe('price');
  const columns = field('columns');
  expect(columns.getByText(/1 of 2 .* number 5/)).toBeVisible();
  await userEvent.type(columns.getByRole('combobox'), 'added since{Enter}');
  expect(paramsOf(editor)?.columns).toEqual(['make', 'added since']);
});

test('a doubt looks other than an error', () => {
  const doubt: Problem = { ...problem('params.fraction', 'may be too much'), severity: 'warning' };
  open({ parameters: [FRACTION], problems: [doubt] });
  expect(field('fraction').getByText('may be too much')).toHaveAttribute('data-severity', 'warning');
  expect(field('fraction').queryByRole('alert')).toBeNull();
});
