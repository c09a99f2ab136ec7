/** Pipeline parameters: values that several nodes share and that are set when a run is submitted. */
import type { Parameter } from '../../api/types';
import type { JsonValue, PipelineDocument, PipelineParameter } from '../../pipeline/document';

type Type = PipelineParameter['type'];

export const TYPES: Type[] = ['string', 'int', 'float', 'bool'];
export const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

const BLANK: Record<Type, JsonValue> = { string: '', int: 0, float: 0, bool: false };

/** The name in `{$parameter: NAME}`; null for a plain value. */
export function referenceOf(value: JsonValue | undefined): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const name = value.$parameter;
  return typeof name === 'string' && Object.keys(value).length === 1 ? name : null;
}

/** The type that a pipeline parameter needs to stand in for a parameter. */
export function typeFor(parameter: Parameter): Type {
  switch (parameter.kind) {
    case 'integer':
    case 'seed':
      return 'int';
    case 'number':
      return 'float';
    case 'boolean':
      return 'bool';
    default:
      return 'string';
  }
}

export function fits(parameter: Parameter, { type }: PipelineParameter): boolean {
  const wanted = typeFor(parameter);
  return type === wanted || (wanted === 'float' && type === 'int');
}

function referencesTo(
  document: PipelineDocument,
  name: string,
): { params: Record<string, JsonValue>; key: string }[] {
  return Object.values(document.nodes).flatMap(({ params }) =>
    Object.keys(params)
      .filter((key) => referenceOf(params[key]) === name)
      .map((key) => ({ params, key })),
  );
}

export function usesOf(document: PipelineDocument, name: string): number {
  return referencesTo(document, name).length;
}

export function bind(document: PipelineDocument, id: string, parameter: string, name: string): void {
  const node = document.nodes[id];
  if (node) node.params[parameter] = { $parameter: name };
}

/** Give a parameter its value back as its own; the pipeline parameter stays. */
export function unbind(document: PipelineDocument, id: string, parameter: Parameter): void {
  const node = document.nodes[id];
  const name = referenceOf(node?.params[parameter.name]);
  if (!node || name === null) return;
  const value = document.parameters[name]?.default ?? null;
  if (value === null || JSON.stringify(value) === JSON.stringify(parameter.default ?? null)) {
    delete node.params[parameter.name];
  } else {
    node.params[parameter.name] = value;
  }
}

/** Make a pipeline parameter of a node's value, named after it, and let the node take it from there. */
export function declareFrom(
  document: PipelineDocument,
  id: string,
  parameter: Parameter,
  value: JsonValue,
): string {
  const name = freeName(document, parameter.name);
  const type = typeFor(parameter);
  document.parameters[name] = { type, default: isOfType(value, type) ? value : BLANK[type] };
  bind(document, id, parameter.name, name);
  return name;
}

export function declare(document: PipelineDocument): string {
  const name = freeName(document, 'parameter');
  document.parameters[name] = { type: 'string', default: '' };
  return name;
}

function freeName(document: PipelineDocument, base: string): string {
  let name = base;
  for (let number = 2; name in document.parameters; number += 1) name = `${base}_${number}`;
  return name;
}

function isOfType(value: JsonValue, type: Type): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'bool') return typeof value === 'boolean';
  return typeof value === 'number' && (type === 'float' || Number.isInteger(value));
}

/** Rename everywhere; the order of the parameters stays. */
export function rename(document: PipelineDocument, from: string, to: string): void {
  if (!(from in document.parameters) || to in document.parameters) return;
  for (const { params, key } of referencesTo(document, from)) params[key] = { $parameter: to };
  document.parameters = Object.fromEntries(
    Object.entries(document.parameters).map(([name, declared]) => [name === from ? to : name, declared]),
  );
}

/** Take another type; a default that is not of it becomes blank. */
export function retype(document: PipelineDocument, name: string, type: Type): void {
  const declared = document.parameters[name];
  if (!declared) return;
  declared.type = type;
  if (!isOfType(declared.default ?? null, type)) declared.default = BLANK[type];
}

/** Remove; nodes that took its value keep the default as their own. */
export function remove(document: PipelineDocument, name: string): void {
  const value = document.parameters[name]?.default ?? null;
  for (const { params, key } of referencesTo(document, name)) {
    if (value === null) delete params[key];
    else params[key] = value;
  }
  delete document.parameters[name];
}
