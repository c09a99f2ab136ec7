import i18next from 'i18next';
import { afterEach, beforeEach, expect, test } from 'vitest';
import '../i18n';
import type { Failure, Problem } from '../api/types';
import { moduleOf, parameterOf } from '../editor/testing';
import type { PipelineNode } from './document';
import { titlesIn } from './names';
import type { Library } from './rules';
import { sayFailure, sayProblem, sayProblemOfNode, type Texts } from './saying';

const EXPORT = {
  ...moduleOf('export_data', [
    parameterOf({ name: 'columns_to_be_saved', kind: 'columns', title: 'Columns to be saved' }),
    parameterOf({ name: 'datatable_columns', kind: 'text', title: 'Datatable columns' }),
  ]),
  title: 'Export Data',
};
const LIBRARY: Library = { modules: new Map([[EXPORT.id, EXPORT]]), datasets: new Map(), portTypes: {} };
const NODES: Record<string, PipelineNode> = {
  out: { module: 'export_data', inputs: {}, params: {} },
  other: { module: 'export_data', inputs: {}, params: {} },
};
const NAMES = titlesIn(LIBRARY, [NODES]);

const texts = (): Texts => ({
  t: (key, values) => String(i18next.t(key as never, values as never)),
  has: (key) => i18next.exists(key),
  isEnglish: i18next.language === 'en',
});

const problem = (given: Partial<Problem>): Problem => ({
  code: 'wrong_value',
  message: "Node 'out': as the server says it",
  node: 'out',
  key: null,
  found: null,
  expected: null,
  line: null,
  hint: null,
  values: {},
  severity: 'error',
  ...given,
});
const failure = (given: Partial<Failure>): Failure => ({
  code: '0011',
  message: '`columns_to_be_saved` selects no column',
  values: {},
  ...given,
});

beforeEach(() => i18next.changeLanguage('en'));
afterEach(() => i18next.changeLanguage('en'));

const TOO_MUCH = { how: 'at_most', parameter: 'columns_to_be_saved', bound: '1', found: '7' };

test('a problem names the parameter as the form does', () => {
  const said = sayProblem(problem({ values: TOO_MUCH }), NAMES, texts());
  expect(said.message).toBe('Columns to be saved takes at most 1; found 7');
});

test('a problem is said in Korean, with its way out', async () => {
  await i18next.changeLanguage('ko');
  const said = sayProblem(
    problem({
      code: 'missing_input',
      hint: 'Connect a Table.',
      values: { input: 'dataset', takes: 'Table|Model' },
    }),
    NAMES,
    texts(),
  );
  expect(said).toEqual({
    message: 'Dataset 입력이 연결되지 않았습니다',
    hint: '받는 것: 테이블 / 학습된 모델',
  });
});

test('in a list, the node stands before; what may have been meant stands behind', () => {
  const said = sayProblemOfNode(
    problem({ code: 'unknown_column', values: { column: 'prize', port: 'dataset', near: 'price' } }),
    NAMES,
    texts(),
  );
  expect(said.message).toBe(
    'Export Data (out): There is no column “prize” in Dataset. Did you mean “price”?',
  );
});

test('what the page has no words for is said by the server', () => {
  const said = sayProblem(problem({ code: 'nobody_knows', hint: 'Try.' }), NAMES, texts());
  expect(said).toEqual({ message: 'as the server says it', hint: 'Try.' });
});

test('a failure that says different things each time keeps its words, with titles and what it means', async () => {
  const sizes = failure({
    code: '0027',
    message: '`datatable_columns` has 3 names, and 2 columns are saved',
    parameter: 'datatable_columns',
  });
  const said = '“Datatable columns” has 3 names, and 2 columns are saved';
  expect(sayFailure(sizes, 'out', NAMES, texts()).message).toBe(said);
  await i18next.changeLanguage('ko');
  expect(sayFailure(sizes, 'out', NAMES, texts()).message).toBe(
    `열과 새 이름처럼 짝을 이루는 두 목록의 길이가 다릅니다: ${said}`,
  );
});

test('a column that is called like a parameter stays what it is', () => {
  const said = sayFailure(
    failure({ message: 'Column `datatable_columns` is odd', column: 'datatable_columns' }),
    'out',
    NAMES,
    texts(),
  );
  expect(said.message).toBe('Column `datatable_columns` is odd');
});

test('a failure of an older run, without values, keeps its words', () => {
  expect(sayFailure(failure({}), 'out', NAMES, texts()).message).toBe(
    '“Columns to be saved” selects no column',
  );
});
