/** Advice about wires: which of it an author lets stand, and how a repair changes a document. */
import type { Advice, Repair } from '../api/types';
import {
  type Dismissal,
  type JsonValue,
  type PipelineDocument,
  type PipelineNode,
  sourcesOf,
  splitSource,
} from './document';

const INPUT = 'inputs.';

/** The input that the wire of an advice ends in. */
export function inputOf(advice: Advice): string {
  return advice.key.startsWith(INPUT) ? advice.key.slice(INPUT.length) : advice.key;
}

function isAbout(item: Dismissal, advice: Advice): boolean {
  return (
    item.advice === advice.code &&
    item.input === inputOf(advice) &&
    (item.column ?? null) === (advice.column ?? null)
  );
}

/** The note of a dismissal, which may be empty; null where the advice stands. */
export function noteOf(document: Pick<PipelineDocument, 'nodes'>, advice: Advice): string | null {
  const found = document.nodes[advice.node]?.dismissed?.find((item) => isAbout(item, advice));
  return found ? (found.note ?? '') : null;
}

export function dismiss(document: PipelineDocument, advice: Advice, note: string): void {
  const node = document.nodes[advice.node];
  if (!node) return;
  const others = (node.dismissed ?? []).filter((item) => !isAbout(item, advice));
  node.dismissed = [
    ...others,
    {
      advice: advice.code,
      input: inputOf(advice),
      ...(advice.column && { column: advice.column }),
      ...(note.trim() && { note: note.trim() }),
    },
  ];
}

/** Let an advice that was dismissed count again. */
export function recall(document: PipelineDocument, advice: Advice): void {
  const node = document.nodes[advice.node];
  const left = node?.dismissed?.filter((item) => !isAbout(item, advice)) ?? [];
  if (!node) return;
  if (left.length > 0) node.dismissed = left;
  else delete node.dismissed;
}

/** Whether the document is still as the changes of a repair expect it. */
export function canRepair(document: PipelineDocument, repair: Repair): boolean {
  const nodes = new Map(Object.entries(document.nodes).map(([id, node]) => [id, { ...node.inputs }]));
  return repair.changes.every((change) => {
    const inputs = nodes.get(change.node);
    switch (change.kind) {
      case 'add_node':
        nodes.set(change.node, {});
        return inputs === undefined;
      case 'remove_node':
        return nodes.delete(change.node);
      case 'set_input': {
        if (!inputs || !isSame(inputs[change.input], change.before)) return false;
        if (change.after === null) delete inputs[change.input];
        else inputs[change.input] = change.after;
        return true;
      }
      default:
        return inputs !== undefined;
    }
  });
}

/** Make the changes of a repair; the caller has checked that they fit. */
export function applyRepair(document: PipelineDocument, repair: Repair): void {
  for (const change of repair.changes) {
    if (change.kind === 'add_node') {
      document.nodes[change.node] = {
        module: change.module,
        inputs: {},
        params: { ...change.params } as PipelineNode['params'],
      };
      document.layout[change.node] = [...change.place];
      continue;
    }
    const node = document.nodes[change.node];
    if (!node) continue;
    switch (change.kind) {
      case 'remove_node':
        delete document.nodes[change.node];
        delete document.layout[change.node];
        break;
      case 'move_node':
        document.layout[change.node] = [...change.place];
        break;
      case 'set_input':
        if (change.after === null) delete node.inputs[change.input];
        else node.inputs[change.input] = change.after;
        break;
      case 'set_parameter':
        node.params[change.name] = change.value as JsonValue;
        break;
    }
  }
}

/** Nodes that a repair puts on the canvas. */
export function addedBy(repair: Repair): string[] {
  return repair.changes.flatMap((change) => (change.kind === 'add_node' ? [change.node] : []));
}

function isSame(one: string | string[] | undefined, other: string | string[] | null): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other);
}

/** Where the wires of an input begin. */
export function sourceNodesOf(document: Pick<PipelineDocument, 'nodes'>, advice: Advice): string[] {
  const wires = document.nodes[advice.node]?.inputs[inputOf(advice)];
  return sourcesOf(wires).map((text) => splitSource(text)[0]);
}
