/** Tidy positions: what feeds stands above what is fed. */
import dagre from '@dagrejs/dagre';
import { type PipelineDocument, type Position, wiresOf } from './document';

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 64;
const GRID = 20;
const NODE_GAP = 60;
/** Leaves room for the comment and the state that a node may show. */
const RANK_GAP = 76;

export function tidyLayout(document: PipelineDocument): Record<string, Position> {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: NODE_GAP, ranksep: RANK_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of Object.keys(document.nodes).sort()) {
    graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const wire of wiresOf(document)) {
    if (graph.hasNode(wire.source)) graph.setEdge(wire.source, wire.target);
  }
  dagre.layout(graph);
  return Object.fromEntries(
    Object.keys(document.nodes).map((id) => {
      const { x = 0, y = 0 } = graph.node(id) ?? {};
      return [id, [snap(x - NODE_WIDTH / 2), snap(y - NODE_HEIGHT / 2)]];
    }),
  );
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
