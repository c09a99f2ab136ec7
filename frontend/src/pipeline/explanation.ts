/** Why a node runs or is reused, as a sentence in the language of the page. The server says the same in English. */
import type { TFunction } from 'i18next';
import type { Cause, Explanation, Root } from '../api/types';

type Words = TFunction<'engine'>;
type Tense = 'past' | 'present' | 'future';

const TOLD_REASONS = 3;
const LONGEST_VALUE = 40;
/** Kinds whose words depend on when the node runs. */
const TENSED: ReadonlySet<string> = new Set(['first', 'missing_output']);
const PLAIN: ReadonlySet<string> = new Set([
  'first',
  'module',
  'version',
  'code',
  'forced',
  'always',
  'random',
  'outside',
  'seed',
  'missing_output',
  'forgotten',
  'varied',
]);

export function sentenceOf(explanation: Explanation, t: Words): string {
  const { outcome, causes, origin, stopped_by: node, problem } = explanation;
  switch (outcome) {
    case 'ran':
      return t(outcome, { reasons: reasonsOf(causes, 'past', t) });
    case 'runs':
      return t(outcome, { reasons: reasonsOf(causes, 'present', t) });
    case 'will_run':
    case 'may_run':
      return t(outcome, { reasons: reasonsOf(causes, 'future', t) });
    case 'reused':
    case 'will_reuse':
      return t(outcome, {
        origin: origin ? t('origin_run', { number: origin.run_number }) : t('origin_unknown'),
        likeness: likenessOf(explanation, t),
      });
    case 'given':
      return givenOf(explanation, t);
    case 'waits':
      return origin ? t('waits_for', { node: origin.node, run: origin.run_number }) : t('waits');
    case 'blocked':
      return problem ? t('blocked', { problem: ended(problem) }) : t('blocked_by', { node });
    default:
      return t(outcome, { node });
  }
}

/** Why an earlier result is as good as a new one. */
function likenessOf({ origin, causes, compared_with, same_again }: Explanation, t: Words): string {
  if (origin?.at_same_time) return t('like_same_time');
  if (compared_with == null || causes.length > 0) return t('like_exactly');
  if (same_again.length > 0) return t('like_same_again', { nodes: listed(same_again.map(code), t) });
  return t('like_unchanged');
}

function givenOf({ dataset, causes, compared_with: run }: Explanation, t: Words): string {
  const facts = { name: dataset?.name, version: dataset?.version, run };
  const before = versionOf(causes.find((cause) => cause.kind === 'dataset')?.before);
  if (!before) return t('given', facts);
  const words = { ...facts, before: before.version, other: before.name };
  return t(before.name === dataset?.name ? 'given_other_version' : 'given_instead', words);
}

/** Reasons in the order of the causes; inputs whose change goes back to the same are told together. */
function reasonsOf(causes: readonly Cause[], tense: Tense, t: Words): string {
  const told: string[] = [];
  for (let at = 0; at < causes.length; ) {
    const cause = causes[at];
    if (!cause) break;
    if (cause.kind !== 'input') {
      told.push(phraseOf('own', cause, tense, t));
      at += 1;
      continue;
    }
    const together = causes.slice(at).findIndex((other) => !isAlike(cause, other));
    const several = causes.slice(at, together < 0 ? undefined : at + together);
    const sources = [...new Set(several.map((input) => code(input.source ?? '')))];
    const change = t(tense === 'future' ? 'input_changes' : 'input_changed', {
      count: sources.length,
      sources: listed(sources, t),
    });
    const roots = cause.roots.map((root) => phraseOf('root', root, tense, t));
    told.push(roots.length > 0 ? t('since', { change, roots: joined(roots, t) }) : change);
    at += several.length;
  }
  return joined(told, t);
}

function isAlike(one: Cause, other: Cause): boolean {
  return other.kind === 'input' && JSON.stringify(one.roots) === JSON.stringify(other.roots);
}

/** A cause as a part of a sentence, about the node where it is or about another one. */
function phraseOf(about: 'own' | 'root', cause: Root, tense: Tense, t: Words): string {
  const { kind, node, name, before, after } = cause;
  const words = { node, name };
  if (PLAIN.has(kind)) {
    const past = tense === 'past' && TENSED.has(kind) ? '_past' : '';
    return t(`${about}_${kind}${past}`, { ...words, before: String(before), after: String(after) });
  }
  switch (kind) {
    case 'no_result': {
      const known = before === 'failed' || before === 'cancelled';
      return t(known ? `${about}_no_result_${before}` : `${about}_no_result`, words);
    }
    case 'wiring': {
      const [from, to] = [endsOf(before), endsOf(after)];
      if (to.length === 0) return t(`${about}_wiring_gone`, words);
      if (from.length === 0) return t(`${about}_wiring_new`, words);
      return t(`${about}_wiring`, { ...words, before: listed(from, t), after: listed(to, t) });
    }
    case 'parameter': {
      const values = { before: shownValue(before, t), after: shownValue(after, t) };
      const short = isShort(before, values.before) && isShort(after, values.after);
      return short
        ? t(`${about}_parameter`, { ...words, ...values })
        : t(`${about}_parameter_changed`, words);
    }
    case 'file':
      return before === after
        ? t(`${about}_file_contents`, words)
        : t(`${about}_file`, { ...words, before: String(before), after: String(after) });
    case 'library':
      return libraryOf(cause, t);
    default:
      return datasetOf(cause, t);
  }
}

function libraryOf({ name, before, after }: Root, t: Words): string {
  const library = name === 'python' ? t('library_python') : t('library_name', { name });
  if (before == null) return t('library_new', { library });
  if (after == null) return t('library_gone', { library });
  return t('library', { library, before: String(before), after: String(after) });
}

function datasetOf({ node, name, before, after }: Root, t: Words): string {
  const [was, is] = [versionOf(before), versionOf(after)];
  if (!was || !is) return t('dataset_now', { node });
  if (was.name !== is.name) return t('dataset_instead', { node, before: was.name, after: is.name });
  if (was.version !== is.version) return t('dataset', { name, before: was.version, after: is.version });
  return t('dataset_rows', { name });
}

function versionOf(value: unknown): { name: string; version: number } | null {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('version' in value)) return null;
  return { name: String(value.name), version: Number(value.version) };
}

/** A value of a parameter as people write it. */
function shownValue(value: unknown, t: Words): string {
  if (value == null) return t('value_blank');
  if (typeof value === 'boolean') return t(value ? 'value_on' : 'value_off');
  return typeof value === 'string' ? t('value_text', { text: value }) : JSON.stringify(value);
}

function isShort(value: unknown, shown: string): boolean {
  return (
    !(typeof value === 'object' && value !== null) && shown.length <= LONGEST_VALUE && !shown.includes('\n')
  );
}

const endsOf = (value: unknown) => (Array.isArray(value) ? value.map((wire) => code(String(wire))) : []);
const code = (name: string) => `\`${name}\``;
const ended = (sentence: string) => (/[.?!]$/.test(sentence) ? sentence : `${sentence}.`);

function listed(
  items: readonly string[],
  t: Words,
  last: 'list_last' | 'reasons_last' = 'list_last',
): string {
  return items.reduce((head, item, at) => {
    if (at === 0) return item;
    return t(at === items.length - 1 ? last : 'list_comma', { head, last: item });
  }, '');
}

function joined(phrases: readonly string[], t: Words): string {
  const left = phrases.length - TOLD_REASONS;
  const shown = left > 0 ? [...phrases.slice(0, TOLD_REASONS), t('more_reasons', { count: left })] : phrases;
  return listed(shown, t, 'reasons_last');
}
