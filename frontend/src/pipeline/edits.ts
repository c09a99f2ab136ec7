/** What a person can do to a document. Each edit is a recipe for Immer: it changes a draft in place. */
import {
  freeNodeId,
  type JsonValue,
  type PipelineDocument,
  type PipelineNode,
  type Position,
  sourcesOf,
  splitSource,
} from './document';
import { type Ends, inputsOf, type Library, outputsOf, sourceText, typeFits } from './rules';

export function addNode(
  document: PipelineDocument,
  reference: { module: string } | { dataset: string },
  position: Position,
): string {
  const name = 'module' in reference ? reference.module : reference.dataset;
  const id = freeNodeId(document, name);
  document.nodes[id] = { ...reference, inputs: {}, params: {} };
  document.layout[id] = position;
  return id;
}

export function removeNodes(document: PipelineDocument, ids: Iterable<string>): void {
  const gone = new Set(ids);
  for (const id of gone) {
    delete document.nodes[id];
    delete document.layout[id];
  }
  for (const node of Object.values(document.nodes)) {
    for (const [port, wires] of Object.entries(node.inputs)) {
      setSources(
        node,
        port,
        sourcesOf(wires).filter((text) => !gone.has(splitSource(text)[0])),
        Array.isArray(wires),
      );
    }
  }
}

function setSources(node: PipelineNode, port: string, sources: string[], several: boolean): void {
  const first = sources[0];
  if (first === undefined) delete node.inputs[port];
  else node.inputs[port] = several ? sources : first;
}

/** Draw a wire; an input that takes one wire gives its old one up. */
export function connect(document: PipelineDocument, library: Library, ends: Ends): void {
  const target = document.nodes[ends.target];
  if (!target || !(ends.source in document.nodes)) return;
  const text = sourceText(document, library, ends);
  const input = inputsOf(target, library).find((port) => port.name === ends.targetPort);
  const several = input?.multiple ?? false;
  const before = several ? sourcesOf(target.inputs[ends.targetPort]) : [];
  setSources(target, ends.targetPort, [...before, text], several);
}

export function disconnect(document: PipelineDocument, wire: DrawnWire): void {
  const target = document.nodes[wire.target];
  const wires = target?.inputs[wire.targetPort];
  if (!target || wires === undefined) return;
  const left = sourcesOf(wires).filter((text) => !begins(wire, text));
  setSources(target, wire.targetPort, left, Array.isArray(wires));
}

/** A wire as the document has it; the output's name may be left out where there is only one. */
type DrawnWire = Omit<Ends, 'sourcePort'> & { sourcePort: string | null };

function begins(wire: DrawnWire, text: string): boolean {
  const [node, port] = splitSource(text);
  return node === wire.source && (port === null || wire.sourcePort === null || port === wire.sourcePort);
}

/** Put a node between the ends of a wire, where its ports allow. Tells whether they did. */
export function insertOnWire(
  document: PipelineDocument,
  library: Library,
  id: string,
  wire: DrawnWire,
): boolean {
  const node = document.nodes[id];
  const source = document.nodes[wire.source];
  const target = document.nodes[wire.target];
  if (!node || !source || !target || id === wire.source || id === wire.target) return false;
  const from = outputsOf(source, library).find((p) => wire.sourcePort === null || p.name === wire.sourcePort);
  const to = inputsOf(target, library).find((port) => port.name === wire.targetPort);
  if (!from || !to) return false;
  const enter = inputsOf(node, library).find(
    (port) => node.inputs[port.name] === undefined && typeFits(from.type, port.type, library.portTypes),
  );
  const leave = outputsOf(node, library).find((port) => typeFits(port.type, to.type, library.portTypes));
  if (!enter || !leave) return false;
  connect(document, library, {
    source: wire.source,
    sourcePort: from.name,
    target: id,
    targetPort: enter.name,
  });
  const wires = target.inputs[wire.targetPort];
  const ends = { source: id, sourcePort: leave.name, target: wire.target, targetPort: wire.targetPort };
  const changed = sourceText(document, library, ends);
  const sources = sourcesOf(wires).map((text) => (begins(wire, text) ? changed : text));
  setSources(target, wire.targetPort, sources, Array.isArray(wires));
  return true;
}

export function setParameter(
  document: PipelineDocument,
  id: string,
  name: string,
  value: JsonValue | undefined,
): void {
  const node = document.nodes[id];
  if (!node) return;
  if (value === undefined) delete node.params[name];
  else node.params[name] = value;
}

/** A new id for a node; wires and layout follow. The caller has checked that the id is free. */
export function renameNode(document: PipelineDocument, from: string, to: string): void {
  const renamed = Object.entries(document.nodes).map(([id, node]) => [id === from ? to : id, node] as const);
  document.nodes = Object.fromEntries(renamed);
  const place = document.layout[from];
  delete document.layout[from];
  if (place) document.layout[to] = place;
  for (const node of Object.values(document.nodes)) {
    for (const [port, wires] of Object.entries(node.inputs)) {
      const changed = sourcesOf(wires).map((text) => {
        const [source, output] = splitSource(text);
        return source === from ? (output === null ? to : `${to}.${output}`) : text;
      });
      setSources(node, port, changed, Array.isArray(wires));
    }
  }
}

/** Nodes with the wires among them, as text for the clipboard. */
export function copyNodes(document: PipelineDocument, ids: ReadonlySet<string>): string {
  const nodes: PipelineDocument['nodes'] = {};
  const layout: PipelineDocument['layout'] = {};
  for (const id of ids) {
    const node = document.nodes[id];
    if (!node) continue;
    const inputs: PipelineNode['inputs'] = {};
    for (const [port, wires] of Object.entries(node.inputs)) {
      const kept = sourcesOf(wires).filter((text) => ids.has(splitSource(text)[0]));
      const first = kept[0];
      if (first !== undefined) inputs[port] = Array.isArray(wires) ? kept : first;
    }
    nodes[id] = { ...node, inputs };
    const place = document.layout[id];
    if (place) layout[id] = place;
  }
  return JSON.stringify({ format: document.format, nodes, layout });
}

const PASTE_STEP = 40;

/** Nodes of a clipboard text under free ids; returns those. Text of another kind adds nothing. */
export function pasteNodes(document: PipelineDocument, text: string): string[] {
  const pasted = parsed(text);
  if (!pasted) return [];
  const ids = new Map<string, string>();
  const offset = freeOffset(document, Object.values(pasted.layout ?? {}));
  for (const [id, node] of Object.entries(pasted.nodes)) {
    const free = freeNodeId(document, id.replace(/_\d+$/, ''));
    ids.set(id, free);
    document.nodes[free] = structuredClone({ ...node, inputs: node.inputs ?? {}, params: node.params ?? {} });
    const place = pasted.layout?.[id] ?? [0, 0];
    document.layout[free] = [place[0] + offset, place[1] + offset];
  }
  for (const id of ids.values()) {
    const node = document.nodes[id];
    if (!node) continue;
    for (const [port, wires] of Object.entries(node.inputs)) {
      const moved = sourcesOf(wires).flatMap((source) => {
        const [from, output] = splitSource(source);
        const to = ids.get(from);
        return to === undefined ? [] : [output === null ? to : `${to}.${output}`];
      });
      setSources(node, port, moved, Array.isArray(wires));
    }
  }
  return [...ids.values()];
}

/** How far pasted nodes move so that none covers a node exactly, such as one of an earlier paste. */
function freeOffset(document: PipelineDocument, places: Position[]): number {
  const taken = new Set(Object.values(document.layout).map(String));
  let offset = PASTE_STEP;
  while (places.some(([x, y]) => taken.has(String([x + offset, y + offset])))) offset += PASTE_STEP;
  return offset;
}

function parsed(text: string): Pick<PipelineDocument, 'nodes' | 'layout'> | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('nodes' in value)) return null;
    if (typeof value.nodes !== 'object' || value.nodes === null) return null;
    return value as Pick<PipelineDocument, 'nodes' | 'layout'>;
  } catch {
    return null;
  }
}
