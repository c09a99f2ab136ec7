/** The pipeline document as the page edits it: every mapping present. */
import type { DocumentJson, NodeJson } from '../api/types';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type Position = [number, number];

/** An advice that the author lets stand, and why. */
export interface Dismissal {
  advice: string;
  input: string;
  column?: string;
  note?: string;
}

export interface PipelineNode {
  module?: string;
  dataset?: string;
  comment?: string;
  inputs: Record<string, string | string[]>;
  params: Record<string, JsonValue>;
  disabled?: boolean;
  allow_reuse?: boolean;
  compute?: string;
  timeout?: number;
  retries?: number;
  retry_delay?: number;
  memory_mb?: number;
  dismissed?: Dismissal[];
}

export interface PipelineParameter {
  type: 'string' | 'int' | 'float' | 'bool';
  default?: JsonValue;
  description?: string;
}

export interface PipelineDocument {
  format: 'designer/pipeline@1';
  name: string;
  description: string;
  tags: Record<string, string>;
  parameters: Record<string, PipelineParameter>;
  nodes: Record<string, PipelineNode>;
  layout: Record<string, Position>;
}

/** A wire, told by both of its ends; no port where the document leaves it out. */
export interface Wire {
  id: string;
  source: string;
  sourcePort: string | null;
  target: string;
  targetPort: string;
}

export const EMPTY_DOCUMENT: PipelineDocument = {
  format: 'designer/pipeline@1',
  name: '',
  description: '',
  tags: {},
  parameters: {},
  nodes: {},
  layout: {},
};

export function documentOf(json: DocumentJson): PipelineDocument {
  const nodes = Object.entries(json.nodes ?? {}).map(([id, node]) => [id, nodeOf(node)] as const);
  return {
    ...EMPTY_DOCUMENT,
    name: json.name,
    description: json.description,
    tags: json.tags ?? {},
    parameters: (json.parameters ?? {}) as PipelineDocument['parameters'],
    nodes: Object.fromEntries(nodes),
    layout: json.layout ?? {},
  };
}

function nodeOf(json: NodeJson): PipelineNode {
  const node: PipelineNode = {
    inputs: json.inputs ?? {},
    params: (json.params ?? {}) as Record<string, JsonValue>,
  };
  if (json.module) node.module = json.module;
  if (json.dataset) node.dataset = json.dataset;
  if (json.comment) node.comment = json.comment;
  if (json.disabled) node.disabled = true;
  if (json.allow_reuse === false) node.allow_reuse = false;
  if (json.compute) node.compute = json.compute;
  if (json.timeout) node.timeout = json.timeout;
  if (json.retries) node.retries = json.retries;
  if (json.retry_delay) node.retry_delay = json.retry_delay;
  if (json.memory_mb) node.memory_mb = json.memory_mb;
  if (json.dismissed?.length) node.dismissed = json.dismissed.map(dismissalOf);
  return node;
}

function dismissalOf({ advice, input, column, note }: NonNullable<NodeJson['dismissed']>[number]): Dismissal {
  return { advice, input, ...(column && { column }), ...(note && { note }) };
}

export function sourcesOf(wires: string | string[] | undefined): string[] {
  if (wires === undefined) return [];
  return Array.isArray(wires) ? wires : [wires];
}

/** `node.port` in its parts; the port may be left out where the node has one output. */
export function splitSource(text: string): [node: string, port: string | null] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, null] : [text.slice(0, dot), text.slice(dot + 1)];
}

export function wiresOf(document: Pick<PipelineDocument, 'nodes'>): Wire[] {
  return Object.entries(document.nodes).flatMap(([target, node]) =>
    Object.entries(node.inputs).flatMap(([targetPort, wires]) =>
      sourcesOf(wires).map((text) => {
        const [source, sourcePort] = splitSource(text);
        return { id: `${text}→${target}.${targetPort}`, source, sourcePort, target, targetPort };
      }),
    ),
  );
}

/** `split_data` without the version that a document may pin. */
export function moduleIdOf(node: PipelineNode): string | undefined {
  return node.module?.replace(/@\d+$/, '');
}

/** An id that is free: the base, or the base with a number. */
export function freeNodeId(document: PipelineDocument, base: string): string {
  const clean = base.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^[^A-Za-z]+/, '') || 'node';
  const short = clean.slice(0, 58);
  if (!(short in document.nodes)) return short;
  let number = 2;
  while (`${short}_${number}` in document.nodes) number += 1;
  return `${short}_${number}`;
}
