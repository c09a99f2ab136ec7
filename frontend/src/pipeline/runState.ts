/** The state of a run: a snapshot, and numbered events folded over it. */
import type { Failure, NodeState, Run, RunEvent, StoredOutput } from '../api/types';

export const FINAL_RUN: ReadonlySet<string> = new Set(['completed', 'failed', 'cancelled']);
export const FINAL_NODE: ReadonlySet<string> = new Set([
  'completed',
  'reused',
  'failed',
  'skipped',
  'cancelled',
]);

type Status = NodeState['status'];

const NODE_STATUS: Record<string, Status> = {
  step_queued: 'queued',
  step_started: 'running',
  step_reused: 'reused',
  step_completed: 'completed',
  step_failed: 'failed',
  step_skipped: 'skipped',
  step_cancelled: 'cancelled',
};

const RUN_STATUS: Record<string, Run['status']> = {
  run_started: 'running',
  run_completed: 'completed',
  run_failed: 'failed',
  run_cancelled: 'cancelled',
};

export type Applied = { run: Run; outcome: 'applied' | 'known' | 'gap' };

/** Fold one event. One that was seen changes nothing; a gap means that events must be asked for. */
export function applyEvent(run: Run, event: RunEvent): Applied {
  if (event.seq <= run.seq) return { run, outcome: 'known' };
  if (event.seq > run.seq + 1) return { run, outcome: 'gap' };
  const next: Run = { ...run, seq: event.seq };
  const status = RUN_STATUS[event.kind];
  if (status) {
    next.status = status;
    if (status === 'running') next.started_at = event.at;
    else next.finished_at = event.at;
  }
  if (event.node !== null) {
    const node = run.nodes[event.node];
    if (node) next.nodes = { ...run.nodes, [event.node]: nodeAfter(node, event) };
  }
  return { run: next, outcome: 'applied' };
}

function nodeAfter(node: NodeState, event: RunEvent): NodeState {
  const status = NODE_STATUS[event.kind];
  if (!status) return node;
  const { data } = event;
  const next: NodeState = { ...node, status, due_at: typeof data.due_at === 'string' ? data.due_at : null };
  if (status === 'queued') next.queued_at = event.at;
  else if (status === 'running') next.started_at = event.at;
  else next.finished_at = event.at;
  if (status === 'queued' || status === 'running') next.attempt = Number(data.attempt ?? 1);
  if ('outputs' in data) next.outputs = data.outputs as unknown as Record<string, StoredOutput>;
  if ('metrics' in data) next.metrics = data.metrics as Record<string, number | null>;
  if ('tables' in data) next.tables = data.tables as NodeState['tables'];
  if (typeof data.seconds === 'number') next.seconds = data.seconds;
  // A step that is queued again carries the error of the attempt before; that is not the step's own.
  if (status === 'failed') next.error = data.error as unknown as Failure;
  return next;
}

export function doneCount(run: Run): number {
  return Object.values(run.nodes).filter((node) => FINAL_NODE.has(node.status)).length;
}
