/** Bringing nodes into view. Computed from the document: React Flow hears of new places only a moment later. */
import { getViewportForBounds, type ReactFlowInstance, type Rect } from '@xyflow/react';
import type { PipelineDocument } from '../../pipeline/document';
import { NODE_HEIGHT, NODE_WIDTH } from '../../pipeline/layout';

const PADDING = 0.2;
const MIN_ZOOM = 0.05;
const MAX_ZOOM = 1;
const DURATION_MS = 200;

export function showNodes(flow: ReactFlowInstance, document: PipelineDocument, ids?: Iterable<string>): void {
  const box = paneBox();
  const bounds = boundsOf(flow, document, [...(ids ?? Object.keys(document.nodes))]);
  if (!box || !bounds) return;
  const viewport = getViewportForBounds(bounds, box.width, box.height, MIN_ZOOM, MAX_ZOOM, PADDING);
  void flow.setViewport(viewport, { duration: DURATION_MS });
}

/** Move a node to the middle, at the zoom that there is. */
export function showInMiddle(flow: ReactFlowInstance, document: PipelineDocument, id: string): void {
  const bounds = boundsOf(flow, document, [id]);
  if (!bounds) return;
  const [x, y] = [bounds.x + bounds.width / 2, bounds.y + bounds.height / 2];
  void flow.setCenter(x, y, { zoom: flow.getZoom(), duration: DURATION_MS });
}

/** Whether at least one of some nodes can be seen, in part. */
export function isAnySeen(flow: ReactFlowInstance, document: PipelineDocument, ids: string[]): boolean {
  const box = paneBox();
  if (!box) return false;
  return ids.some((id) => {
    const bounds = boundsOf(flow, document, [id]);
    if (!bounds) return false;
    const start = flow.flowToScreenPosition({ x: bounds.x, y: bounds.y });
    const end = flow.flowToScreenPosition({ x: bounds.x + bounds.width, y: bounds.y + bounds.height });
    return end.x > box.left && start.x < box.right && end.y > box.top && start.y < box.bottom;
  });
}

/** Whether all of some nodes can be seen, and wholly so. */
export function areWhollySeen(flow: ReactFlowInstance, document: PipelineDocument, ids: string[]): boolean {
  const box = paneBox();
  const bounds = boundsOf(flow, document, ids);
  if (!box || !bounds) return true;
  const start = flow.flowToScreenPosition({ x: bounds.x, y: bounds.y });
  const end = flow.flowToScreenPosition({ x: bounds.x + bounds.width, y: bounds.y + bounds.height });
  return start.x >= box.left && end.x <= box.right && start.y >= box.top && end.y <= box.bottom;
}

function paneBox(): DOMRect | undefined {
  return globalThis.document.querySelector('.react-flow')?.getBoundingClientRect();
}

function boundsOf(flow: ReactFlowInstance, document: PipelineDocument, ids: string[]): Rect | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const id of ids) {
    const [x, y] = document.layout[id] ?? [0, 0];
    const measured = flow.getNode(id)?.measured;
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + (measured?.width ?? NODE_WIDTH));
    bottom = Math.max(bottom, y + (measured?.height ?? NODE_HEIGHT));
  }
  return left === Infinity ? null : { x: left, y: top, width: right - left, height: bottom - top };
}
