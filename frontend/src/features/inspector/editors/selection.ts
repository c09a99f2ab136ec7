/** Column selections: a base, and rules that add or take away. */
import type { Column } from '../../../api/types';
import type { JsonValue } from '../../../pipeline/document';

export interface Rule {
  op: 'include' | 'exclude';
  by: 'names' | 'indices' | 'types' | 'roles';
  values: (string | number)[];
}

export interface Selection {
  base: 'all' | 'none';
  ordered: boolean;
  rules: Rule[];
}

export const TYPES = ['numeric', 'string', 'boolean', 'categorical', 'datetime', 'integer', 'double'];
export const ROLES = ['feature', 'label', 'scores', 'none'];

/** The long form of any spelling of a selection. */
export function selectionOf(value: JsonValue): Selection {
  if (typeof value === 'string') return namesOnly([value]);
  if (Array.isArray(value)) return namesOnly(value.filter((item) => typeof item === 'string'));
  if (value === null || typeof value !== 'object') return { base: 'none', ordered: false, rules: [] };
  return {
    base: value.base === 'all' ? 'all' : 'none',
    ordered: value.ordered === true,
    rules: (Array.isArray(value.rules) ? value.rules : []) as unknown as Rule[],
  };
}

function namesOnly(names: string[]): Selection {
  return { base: 'none', ordered: false, rules: [{ op: 'include', by: 'names', values: names }] };
}

/** The shortest spelling: a list of names where that says it all. */
export function jsonOf(selection: Selection): JsonValue {
  const [first, ...rest] = selection.rules;
  if (selection.base === 'none' && !selection.ordered && first && rest.length === 0) {
    if (first.op === 'include' && first.by === 'names') return first.values as JsonValue;
  }
  const json: { [key: string]: JsonValue } = { base: selection.base };
  if (selection.ordered) json.ordered = true;
  if (selection.rules.length > 0) {
    json.rules = selection.rules.map(({ op, by, values }) => ({ op, by, values: [...values] }));
  }
  return json;
}

/** Names that a plain list selects; null where rules are needed to say it. */
export function plainNames(selection: Selection): string[] | null {
  const [first, ...rest] = selection.rules;
  if (selection.base !== 'none' || selection.ordered || rest.length > 0) return null;
  if (!first) return [];
  return first.op === 'include' && first.by === 'names' ? first.values.map(String) : null;
}

/** How many columns a selection takes of those that are known. */
export function countOf(selection: Selection, columns: Column[]): number {
  return namesOf(selection, columns).length;
}

/** Names that a selection takes of the known columns, in the order of the table. */
export function namesOf(selection: Selection, columns: Column[]): string[] {
  const chosen = new Set(selection.base === 'all' ? columns.map((column) => column.name) : []);
  for (const rule of selection.rules) {
    for (const [index, column] of columns.entries()) {
      if (isHit(rule, column, index)) chosen[rule.op === 'include' ? 'add' : 'delete'](column.name);
    }
  }
  return columns.map((column) => column.name).filter((name) => chosen.has(name));
}

const INTEGER = /^U?Int/;
const FLOAT = /^(Float|Decimal)/;

function isHit(rule: Rule, column: Column, index: number): boolean {
  switch (rule.by) {
    case 'names':
      return rule.values.includes(column.name);
    case 'indices':
      return rule.values.some((value) => inRange(String(value), index + 1));
    case 'types':
      return rule.values.some((value) => hasType(column, String(value)));
    case 'roles':
      return rule.values.some((value) => hasRole(column, String(value)));
  }
}

const SCORES = ['scored_labels', 'scored_probabilities', 'assignments', 'distances'];

function hasRole({ role }: Column, word: string): boolean {
  if (word === 'scores') return SCORES.includes(role);
  return role === (word === 'features' || word === 'labels' ? word.slice(0, -1) : word);
}

function inRange(text: string, index: number): boolean {
  return text.split(',').some((part) => {
    const [low = 0, high = low] = part.split('-').map(Number);
    return index >= low && index <= high;
  });
}

function hasType({ dtype, categorical }: Column, type: string): boolean {
  switch (type) {
    case 'numeric':
      return INTEGER.test(dtype) || FLOAT.test(dtype);
    case 'integer':
      return INTEGER.test(dtype);
    case 'double':
      return FLOAT.test(dtype);
    case 'string':
      return ['String', 'Categorical', 'Enum'].includes(dtype);
    case 'boolean':
      return dtype === 'Boolean';
    case 'categorical':
      return categorical || dtype === 'Categorical' || dtype === 'Enum';
    case 'datetime':
      return ['Date', 'Datetime', 'Time', 'Duration'].includes(dtype);
    default:
      return false;
  }
}
