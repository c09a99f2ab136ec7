/** Which wires fit, and why others do not. */
import type { Dataset, InputPort, ModuleSpec, OutputPort, PortTypes } from '../api/types';
import {
  moduleIdOf,
  type PipelineDocument,
  type PipelineNode,
  sourcesOf,
  splitSource,
  wiresOf,
} from './document';

export interface Library {
  modules: ReadonlyMap<string, ModuleSpec>;
  datasets: ReadonlyMap<string, Dataset>;
  portTypes: PortTypes;
}

export const DATASET_OUTPUT: OutputPort = {
  name: 'dataset',
  title: 'Dataset',
  type: 'Table',
  help: '',
  form: 'table',
};

export function inputsOf(node: PipelineNode, library: Library): InputPort[] {
  return library.modules.get(moduleIdOf(node) ?? '')?.inputs ?? [];
}

export function outputsOf(node: PipelineNode, library: Library): OutputPort[] {
  if (node.dataset) return [DATASET_OUTPUT];
  return library.modules.get(moduleIdOf(node) ?? '')?.outputs ?? [];
}

export function typeFits(output: string, input: string, portTypes: PortTypes): boolean {
  const counts = [output, ...(portTypes[output] ?? [])];
  return input.split('|').some((type) => counts.includes(type));
}

/** Why a wire cannot be drawn; the page has the words for each reason. */
export type Refusal =
  | { reason: 'unknown' }
  | { reason: 'itself' }
  | { reason: 'type'; output: string; input: string }
  | { reason: 'cycle' }
  | { reason: 'exists' };

export interface Ends {
  source: string;
  sourcePort: string;
  target: string;
  targetPort: string;
}

export function refusalOf(document: PipelineDocument, library: Library, ends: Ends): Refusal | null {
  const source = document.nodes[ends.source];
  const target = document.nodes[ends.target];
  if (!source || !target) return { reason: 'unknown' };
  if (ends.source === ends.target) return { reason: 'itself' };
  const output = outputsOf(source, library).find((port) => port.name === ends.sourcePort);
  const input = inputsOf(target, library).find((port) => port.name === ends.targetPort);
  if (!output || !input) return { reason: 'unknown' };
  if (!typeFits(output.type, input.type, library.portTypes)) {
    return { reason: 'type', output: output.type, input: input.type };
  }
  const present = sourcesOf(target.inputs[ends.targetPort]).some((text) => {
    const [node, port] = splitSource(text);
    return node === ends.source && (port ?? output.name) === ends.sourcePort;
  });
  if (present) return { reason: 'exists' };
  return feeds(document, ends.target, ends.source) ? { reason: 'cycle' } : null;
}

/** Whether data of `from` reaches `to`. */
export function feeds(document: PipelineDocument, from: string, to: string): boolean {
  return reached(to, (id) => sourceNodesOf(document.nodes[id])).has(from);
}

function sourceNodesOf(node: PipelineNode | undefined): string[] {
  return Object.values(node?.inputs ?? {}).flatMap((wires) =>
    sourcesOf(wires).map((text) => splitSource(text)[0]),
  );
}

/** A node and all that can be reached from it. */
function reached(from: string, next: (id: string) => Iterable<string>): Set<string> {
  const seen = new Set([from]);
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}

/** A port from which a wire is being drawn. */
export interface OpenEnd {
  node: string;
  port: string;
  type: string;
  side: 'output' | 'input';
}

/** The port of a node as the end of a new wire; null where there is no such port. */
export function openEndOf(
  document: PipelineDocument,
  library: Library,
  id: string,
  name: string,
  side: OpenEnd['side'],
): OpenEnd | null {
  const node = document.nodes[id];
  if (!node) return null;
  const ports = side === 'output' ? outputsOf(node, library) : inputsOf(node, library);
  const port = ports.find((item) => item.name === name);
  return port ? { node: id, port: name, type: port.type, side } : null;
}

/** The nodes that a new wire of this end may not touch, because it would close a circle. */
export function circleOf(document: PipelineDocument, { node, side }: OpenEnd): Set<string> {
  if (side === 'output') return reached(node, (id) => sourceNodesOf(document.nodes[id]));
  const fed = new Map<string, string[]>();
  for (const { source, target } of wiresOf(document)) fed.set(source, [...(fed.get(source) ?? []), target]);
  return reached(node, (id) => fed.get(id) ?? []);
}

/** Whether a port of the other side takes the wire of an open end. */
export function takes(end: OpenEnd, type: string, portTypes: PortTypes): boolean {
  return end.side === 'output' ? typeFits(end.type, type, portTypes) : typeFits(type, end.type, portTypes);
}

/** Both ends of a wire between an open end and a port of another node. */
export function endsOf(end: OpenEnd, node: string, port: string): Ends {
  return end.side === 'output'
    ? { source: end.node, sourcePort: end.port, target: node, targetPort: port }
    : { source: node, sourcePort: port, target: end.node, targetPort: end.port };
}

/** Every wire that could be drawn from an open end, in the order of the document. */
export function possibleWires(document: PipelineDocument, library: Library, end: OpenEnd): Ends[] {
  const circle = circleOf(document, end);
  const present = new Set(drawnWires(document, library).map(keyOf));
  return Object.entries(document.nodes).flatMap(([id, node]) => {
    if (circle.has(id)) return [];
    const ports = end.side === 'output' ? inputsOf(node, library) : outputsOf(node, library);
    return ports
      .filter((port) => takes(end, port.type, library.portTypes))
      .map((port) => endsOf(end, id, port.name))
      .filter((ends) => !present.has(keyOf(ends)));
  });
}

/** The wires of a document with the ports that it leaves out. */
export function drawnWires(
  document: Pick<PipelineDocument, 'nodes'>,
  library: Library,
): (Ends & { id: string })[] {
  return wiresOf(document).flatMap(({ id, source, sourcePort, target, targetPort }) => {
    const node = document.nodes[source];
    const port = sourcePort ?? (node && outputsOf(node, library)[0]?.name);
    return port ? [{ id, source, sourcePort: port, target, targetPort }] : [];
  });
}

const keyOf = ({ source, sourcePort, target, targetPort }: Ends) =>
  `${source}.${sourcePort}→${target}.${targetPort}`;

/** How a document writes where a wire begins: the port is left out where the node has one output. */
export function sourceText(document: PipelineDocument, library: Library, ends: Ends): string {
  const source = document.nodes[ends.source];
  const single = source !== undefined && outputsOf(source, library).length === 1;
  return single ? ends.source : `${ends.source}.${ends.sourcePort}`;
}
