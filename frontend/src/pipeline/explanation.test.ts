import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import cases from '../../../tests/fixtures/explanations.json';
import type { Explanation } from '../api/types';
import '../i18n';
import { sentenceOf } from './explanation';

const CASES = cases as unknown as { explanation: Explanation; sentence: string }[];

const EN = i18next.getFixedT('en', 'engine');
const KO = i18next.getFixedT('ko', 'engine');

beforeAll(() => i18next.changeLanguage('en'));

test.each(CASES)('$sentence', ({ explanation, sentence }) => {
  expect(sentenceOf(explanation, { t: EN })).toBe(sentence);
});

test('every case has words of its own in Korean, and no placeholder is left', () => {
  for (const { explanation, sentence } of CASES) {
    const said = sentenceOf(explanation, { t: KO });
    expect(said, sentence).toMatch(/[가-힣]/);
    expect(said, sentence).not.toMatch(/{{|undefined|\bnull\b/);
  }
});
