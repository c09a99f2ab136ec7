/**
 * What is wrong, in the language of the page and with titles in place of names. The server says the same in English;
 * its words stand where the page has none.
 */
import type { Failure, Problem } from '../api/types';
import type { Names } from './names';

export interface Said {
  message: string;
  hint: string | null;
}

/** The texts of the page: whether there is one, and in which language they are. */
export interface Texts {
  t: (key: string, values: Record<string, unknown>) => string;
  has: (key: string) => boolean;
  isEnglish: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Codes of problems with columns, which modules raise too. */
const OF_MODULES = /^(?:module|column_selection)_(\d{4})$/;

export function sayProblem(problem: Problem, names: Names, texts: Texts): Said {
  const { code, node = null, hint = null } = problem;
  const values = problem.values ?? {};
  const own = `problems:${code}`;
  const ofModules = code === 'unknown_column' ? '0001' : OF_MODULES.exec(code)?.[1];
  const key = ofModules ? `failures:text_${ofModules}` : own;
  const hintKey = ofModules ? `failures:hint_${ofModules}` : `problems:hint_${code}`;
  const meaning = ofModules ? `failures:meaning_${ofModules}` : `problems:meaning_${code}`;
  const message = node ? problem.message.replace(/^Node '[^']*': /, '') : problem.message;
  return say(key, hintKey, meaning, { values, node, message, hint }, names, texts);
}

export function sayFailure(failure: Failure, node: string, names: Names, texts: Texts): Said {
  const { code, hint = null } = failure;
  const told = { values: failure.values ?? {}, node, message: titled(failure, node, names), hint };
  return say(
    `failures:text_${code}`,
    `failures:hint_${code}`,
    `failures:meaning_${code}`,
    told,
    names,
    texts,
  );
}

/** A problem with the node that it is about, for a list of those of several nodes. */
export function sayProblemOfNode(problem: Problem, names: Names, texts: Texts): Said {
  const { message, hint } = sayProblem(problem, names, texts);
  if (!problem.node) return { message, hint };
  return { message: texts.t('problems:of_node', { node: names.node(problem.node), text: message }), hint };
}

interface Told {
  values: Values;
  node: string | null;
  message: string;
  hint: string | null;
}

function say(key: string, hintKey: string, meaning: string, told: Told, names: Names, texts: Texts): Said {
  const { values, node, message, hint } = told;
  const how = typeof values.how === 'string' ? `_${values.how}` : '';
  const words = inTitles(values, node, names, texts);
  const hinted = hint !== null && texts.has(hintKey) ? texts.t(hintKey, words) : hint;
  // Without its values, a sentence would have gaps.
  if (Object.keys(values).length > 0 && texts.has(key + how)) {
    const text = texts.t(key + how, words);
    const near = values.near;
    return { message: near ? texts.t('problems:near', { text, near }) : text, hint: hinted };
  }
  if (texts.isEnglish || !texts.has(meaning)) return { message, hint: hinted };
  return { message: `${texts.t(meaning, {}).replace(/\.$/, '')}: ${message}`, hint: hinted };
}

/** Values as people know them: parameters, ports and nodes by their titles. */
function inTitles(values: Values, node: string | null, names: Names, { t, has }: Texts): Values {
  const id = node ?? '';
  const words: Record<string, unknown> = { ...values };
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) words[name] = '–';
    if (typeof value !== 'string') continue;
    if (name === 'parameter') words[name] = names.parameter(id, value);
    else if (name === 'input' || name === 'port') words[name] = names.input(id, value);
    else if (name === 'holder') words[name] = names.node(value);
    else if (name === 'output') words[name] = names.output(`${values.source}.${value}`);
    else if (name === 'source') words[name] = names.node(value);
    else if (name === 'takes' || name === 'gives') words[name] = typesIn(value, t, has);
  }
  if (Array.isArray(values.nodes)) words.nodes = listed(values.nodes.map(String), values.count, names);
  return words;
}

function typesIn(types: string, t: Texts['t'], has: Texts['has']): string {
  const wordOf = (type: string) => (has(`problems:type_${type}`) ? t(`problems:type_${type}`, {}) : type);
  return types.split('|').map(wordOf).join(' / ');
}

function listed(nodes: string[], count: unknown, names: Names): string {
  const more = typeof count === 'number' && count > nodes.length ? ', …' : '';
  return nodes.map((node) => names.node(node)).join(', ') + more;
}

/** A message of a module in which its own names stand between backquotes; columns are called as they are. */
function titled({ message, column }: Failure, node: string, names: Names): string {
  return message.replace(/`([a-z_0-9]+)`/g, (written, name: string) => {
    if (name === column) return written;
    const title = [names.parameter(node, name), names.input(node, name)].find((one) => one !== name);
    return title === undefined ? written : `“${title}”`;
  });
}
