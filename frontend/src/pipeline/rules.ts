/** Which wires fit, and why others do not. */
import type { Dataset, InputPort, ModuleSpec, OutputPort, PortTypes } from '../api/types';
import { moduleIdOf, type PipelineDocument, type PipelineNode, sourcesOf, splitSource } from './document';

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
  const waiting = [to];
  const seen = new Set<string>();
  while (waiting.length > 0) {
    const id = waiting.pop();
    if (id === undefined || seen.has(id)) continue;
    if (id === from) return true;
    seen.add(id);
    for (const wires of Object.values(document.nodes[id]?.inputs ?? {})) {
      waiting.push(...sourcesOf(wires).map((text) => splitSource(text)[0]));
    }
  }
  return false;
}
