/** Tidy positions: what feeds stands above what is fed. */
import dagre from '@dagrejs/dagre';
import { type PipelineDocument, type Position, wiresOf } from './document';

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 64;
const GRID = 20;
const NODE_GAP = 60;
/** Leaves room for the comment and the state that a node may show. */
const RANK_GAP = 76;

/** How much wider than high all parts together may become. */
const BREADTH = 1.6;

interface Size {
  width: number;
  height: number;
}

export function tidyLayout(document: PipelineDocument): Record<string, Position> {
  const parts = partsOf(document).map((ids) => layoutOf(document, ids));
  const corners = shelved(parts.map(({ size }) => size));
  return Object.fromEntries(
    parts.flatMap(({ places }, index) => {
      const [left, top] = corners[index] ?? [0, 0];
      return places.map(([id, [x, y]]): [string, Position] => [id, [snap(x + left), snap(y + top)]]);
    }),
  );
}

/** The nodes that hang together, in the order of the document. */
function partsOf(document: PipelineDocument): string[][] {
  const graph = new dagre.graphlib.Graph({ directed: false });
  const ids = Object.keys(document.nodes);
  graph.setNodes(ids);
  for (const wire of wiresOf(document)) {
    if (graph.hasNode(wire.source)) graph.setEdge(wire.source, wire.target);
  }
  const order = new Map(ids.map((id, index) => [id, index]));
  const first = (part: string[]) => Math.min(...part.map((id) => order.get(id) ?? 0));
  return dagre.graphlib.alg.components(graph).sort((a, b) => first(a) - first(b));
}

/** The corners of nodes that hang together, from 0, and the room that they take. */
function layoutOf(document: PipelineDocument, ids: string[]): { places: [string, Position][]; size: Size } {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: NODE_GAP, ranksep: RANK_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of [...ids].sort()) {
    graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const wire of wiresOf(document)) {
    if (graph.hasNode(wire.source) && graph.hasNode(wire.target)) graph.setEdge(wire.source, wire.target);
  }
  dagre.layout(graph);
  const { width = NODE_WIDTH, height = NODE_HEIGHT } = graph.graph();
  const places = ids.map((id): [string, Position] => {
    const { x = 0, y = 0 } = graph.node(id) ?? {};
    return [id, [x - NODE_WIDTH / 2, y - NODE_HEIGHT / 2]];
  });
  return { places, size: { width, height } };
}

/** Corners for parts side by side, in rows that together are not much wider than high. */
function shelved(sizes: Size[]): Position[] {
  const area = sizes.reduce((sum, { width, height }) => sum + (width + NODE_GAP) * (height + RANK_GAP), 0);
  const breadth = Math.max(Math.sqrt(area * BREADTH), ...sizes.map(({ width }) => width));
  let [left, top, deepest] = [0, 0, 0];
  return sizes.map(({ width, height }) => {
    if (left > 0 && left + width > breadth) {
      [left, top, deepest] = [0, top + deepest + RANK_GAP, 0];
    }
    const corner: Position = [left, top];
    left += width + NODE_GAP;
    deepest = Math.max(deepest, height);
    return corner;
  });
}

/** A document in which each node has a place: those without, such as in a file written by hand, stand tidy below the others. */
export function laidOut(document: PipelineDocument): PipelineDocument {
  const { nodes, layout } = document;
  const placeless = Object.fromEntries(Object.entries(nodes).filter(([id]) => !layout[id]));
  if (Object.keys(placeless).length === 0) return document;
  const placed = Object.entries(layout).flatMap(([id, place]) => (id in nodes ? [place] : []));
  const left = placed.length > 0 ? Math.min(...placed.map(([x]) => x)) : 0;
  const top = placed.length > 0 ? Math.max(...placed.map(([, y]) => y)) + NODE_HEIGHT + RANK_GAP : 0;
  const below = Object.entries(tidyLayout({ ...document, nodes: placeless })).map(
    ([id, [x, y]]): [string, Position] => [id, [x + left, y + top]],
  );
  return { ...document, layout: { ...layout, ...Object.fromEntries(below) } };
}

function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}

/** A place near a point that no node covers. */
export function freePlace(document: PipelineDocument, [x, y]: Position): Position {
  const places = Object.values(document.layout);
  let place: Position = [snap(x), snap(y)];
  while (places.some(([px, py]) => Math.abs(px - place[0]) < 40 && Math.abs(py - place[1]) < 40)) {
    place = [place[0] + 2 * GRID, place[1] + 2 * GRID];
  }
  return place;
}

/** The first place at or below a point where a node touches no other. */
export function placeBelow(document: PipelineDocument, [x, y]: Position): Position {
  const [left, top] = [snap(x), snap(y)];
  const taken = Object.values(document.layout)
    .filter(([px]) => Math.abs(px - left) < NODE_WIDTH + GRID)
    .map(([, py]) => py)
    .sort((a, b) => a - b);
  const room = NODE_HEIGHT + RANK_GAP;
  return [left, taken.reduce((free, py) => (Math.abs(py - free) < room ? snap(py + room) : free), top)];
}
