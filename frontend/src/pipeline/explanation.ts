/** Why a node runs or is reused, as a sentence in the language of the page. The server says the same in English. */
import type { TFunction } from 'i18next';
import type { Cause, Explanation, NodeState, Root } from '../api/types';
import { AS_WRITTEN, type Names } from './names';

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

/** How a sentence is said: in which words, with which names, and what shows that something is a name. */
export interface Speech {
  t: Words;
  names?: Names;
  quote?: (name: string) => string;
}

type Say = Required<Speech>;

const inBackquotes = (name: string) => `\`${name}\``;

export function sentenceOf(explanation: Explanation, speech: Speech): string {
  const say: Say = { names: AS_WRITTEN, quote: inBackquotes, ...speech };
  const { t, names, quote } = say;
  const { outcome, causes, origin, problem } = explanation;
  const node = quote(names.node(explanation.stopped_by ?? ''));
  switch (outcome) {
    case 'ran':
      return t(outcome, { reasons: reasonsOf(causes, 'past', say) });
    case 'runs':
      return t(outcome, { reasons: reasonsOf(causes, 'present', say) });
    case 'will_run':
    case 'may_run':
      return t(outcome, { reasons: reasonsOf(causes, 'future', say) });
    case 'reused':
    case 'will_reuse':
      return t(outcome, {
        origin: origin ? t('origin_run', { number: origin.run_number }) : t('origin_unknown'),
        likeness: likenessOf(explanation, say),
      });
    case 'given':
      return givenOf(explanation, say);
    case 'waits':
      return origin
        ? t('waits_for', { node: quote(names.node(origin.node)), run: origin.run_number })
        : t('waits');
    case 'blocked':
      return problem ? t('blocked', { problem: ended(problem) }) : t('blocked_by', { node });
    default:
      return t(outcome, { node });
  }
}

/** Why an earlier result is as good as a new one. */
function likenessOf({ origin, causes, compared_with, same_again }: Explanation, say: Say): string {
  const { t } = say;
  if (origin?.at_same_time) return t('like_same_time');
  if (compared_with == null || causes.length > 0) return t('like_exactly');
  if (same_again.length > 0) return t('like_same_again', { nodes: listedNodes(same_again, say) });
  return t('like_unchanged');
}

function givenOf({ dataset, causes, compared_with: run }: Explanation, say: Say): string {
  const { t } = say;
  const facts = { name: datasetCalled(dataset?.name ?? '', say), version: dataset?.version, run };
  const before = versionOf(causes.find((cause) => cause.kind === 'dataset')?.before);
  if (!before) return t('given', facts);
  const words = { ...facts, before: before.version, other: datasetCalled(before.name, say) };
  return t(before.name === dataset?.name ? 'given_other_version' : 'given_instead', words);
}

/** Reasons in the order of the causes; inputs whose change goes back to the same are told together. */
function reasonsOf(causes: readonly Cause[], tense: Tense, say: Say): string {
  const { t } = say;
  const told: string[] = [];
  for (let at = 0; at < causes.length; ) {
    const cause = causes[at];
    if (!cause) break;
    if (cause.kind !== 'input') {
      told.push(phraseOf('own', cause, tense, say));
      at += 1;
      continue;
    }
    const together = causes.slice(at).findIndex((other) => !isAlike(cause, other));
    const several = causes.slice(at, together < 0 ? undefined : at + together);
    const sources = [...new Set(several.map((input) => input.source ?? ''))];
    const change = t(tense === 'future' ? 'input_changes' : 'input_changed', {
      count: sources.length,
      sources: listedNodes(sources, say),
    });
    const roots = cause.roots.map((root) => phraseOf('root', root, tense, say));
    told.push(roots.length > 0 ? t('since', { change, roots: joined(roots, t) }) : change);
    at += several.length;
  }
  return joined(told, t);
}

function isAlike(one: Cause, other: Cause): boolean {
  return other.kind === 'input' && JSON.stringify(one.roots) === JSON.stringify(other.roots);
}

/** A cause as a part of a sentence, about the node where it is or about another one. */
function phraseOf(about: 'own' | 'root', cause: Root, tense: Tense, say: Say): string {
  const { t, names, quote } = say;
  const { kind, before, after } = cause;
  const words = { node: quote(names.node(cause.node)), name: quote(nameOf(cause, names)) };
  if (PLAIN.has(kind)) {
    const past = tense === 'past' && TENSED.has(kind) ? '_past' : '';
    const called = (value: unknown) =>
      kind === 'module' ? quote(names.module(String(value))) : String(value);
    return t(`${about}_${kind}${past}`, { ...words, before: called(before), after: called(after) });
  }
  switch (kind) {
    case 'no_result': {
      const known = before === 'failed' || before === 'cancelled';
      return t(known ? `${about}_no_result_${before}` : `${about}_no_result`, words);
    }
    case 'wiring': {
      const [from, to] = [endsOf(before, say), endsOf(after, say)];
      if (to.length === 0) return t(`${about}_wiring_gone`, words);
      if (from.length === 0) return t(`${about}_wiring_new`, words);
      return t(`${about}_wiring`, { ...words, before: listed(from, t), after: listed(to, t) });
    }
    case 'parameter': {
      const values = { before: shownValue(before, cause, say), after: shownValue(after, cause, say) };
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
      return datasetOf(cause, words, say);
  }
}

/** What the name of a cause is called; which thing it names depends on the kind. */
function nameOf({ kind, node, name }: Root, names: Names): string {
  switch (kind) {
    case 'version':
    case 'code':
      return names.module(name ?? '');
    case 'parameter':
    case 'file':
    case 'seed':
      return names.parameter(node, name ?? '');
    case 'wiring':
      return names.input(node, name ?? '');
    case 'dataset':
      return names.dataset(name ?? '');
    default:
      return name ?? '';
  }
}

function libraryOf({ name, before, after }: Root, t: Words): string {
  const library = name === 'python' ? t('library_python') : t('library_name', { name });
  if (before == null) return t('library_new', { library });
  if (after == null) return t('library_gone', { library });
  return t('library', { library, before: String(before), after: String(after) });
}

function datasetOf({ before, after }: Root, words: { node: string; name: string }, say: Say): string {
  const { t } = say;
  const [was, is] = [versionOf(before), versionOf(after)];
  if (!was || !is) return t('dataset_now', words);
  if (was.name !== is.name) {
    const called = { before: datasetCalled(was.name, say), after: datasetCalled(is.name, say) };
    return t('dataset_instead', { ...words, ...called });
  }
  if (was.version !== is.version) return t('dataset', { ...words, before: was.version, after: is.version });
  return t('dataset_rows', words);
}

function versionOf(value: unknown): { name: string; version: number } | null {
  if (typeof value !== 'object' || value === null || !('name' in value) || !('version' in value)) return null;
  return { name: String(value.name), version: Number(value.version) };
}

/** A value of a parameter as people write it. */
function shownValue(value: unknown, { node, name }: Root, { t, names }: Say): string {
  if (value == null) return t('value_blank');
  if (typeof value === 'boolean') return t(value ? 'value_on' : 'value_off');
  if (typeof value !== 'string') return JSON.stringify(value);
  return t('value_text', { text: names.choice(node, name ?? '', value) });
}

function isShort(value: unknown, shown: string): boolean {
  return (
    !(typeof value === 'object' && value !== null) && shown.length <= LONGEST_VALUE && !shown.includes('\n')
  );
}

function endsOf(value: unknown, { names, quote }: Say): string[] {
  return Array.isArray(value) ? value.map((wire) => quote(names.output(String(wire)))) : [];
}

const datasetCalled = (name: string, { names, quote }: Say) => quote(names.dataset(name));
const listedNodes = (ids: readonly string[], { t, names, quote }: Say) =>
  listed(
    ids.map((id) => quote(names.node(id))),
    t,
  );
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

/**
 * An explanation in keeping with what a node has come to since it was asked for; null where it no longer tells of that.
 *
 * A step goes on while its explanation is on the way: that it runs has become that it ran, and that it waits is over.
 */
export function inKeepingWith(explanation: Explanation, status: NodeState['status']): Explanation | null {
  const { outcome } = explanation;
  if (status === 'waiting') return outcome === 'waits' ? explanation : null;
  if (status === 'queued' || status === 'running') return outcome === 'runs' ? explanation : null;
  if (outcome === 'waits') return null;
  if (outcome !== 'runs') return explanation;
  return status === 'completed' || status === 'failed' ? { ...explanation, outcome: 'ran' } : null;
}
