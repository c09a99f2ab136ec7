import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { NodeState, Run, RunEvent } from '../api/types';
import { applyEvent, doneCount } from './runState';

const NODE: NodeState = {
  status: 'waiting',
  attempt: 1,
  due_at: null,
  queued_at: null,
  started_at: null,
  finished_at: null,
  seconds: null,
  error: null,
  metrics: {},
  tables: {},
  outputs: {},
  recipe: null,
};

const RUN: Run = {
  id: 'r',
  number: 1,
  draft_id: null,
  name: '',
  status: 'queued',
  created_at: '2026-01-01T00:00:00Z',
  started_at: null,
  finished_at: null,
  counts: {},
  document: { format: 'designer/pipeline@1', name: '', description: '' },
  seq: 0,
  nodes: { a: NODE, b: NODE },
};

function event(seq: number, kind: string, node: string | null = null, more: RunEvent['data'] = {}): RunEvent {
  return { seq, kind, node, at: `2026-01-01T00:00:0${seq}Z`, data: more };
}

const EVENTS = [
  event(1, 'run_started'),
  event(2, 'step_queued', 'a'),
  event(3, 'step_started', 'a'),
  event(4, 'step_completed', 'a', { metrics: { Accuracy: 1 }, seconds: 1 }),
  event(5, 'step_reused', 'b'),
  event(6, 'run_completed'),
];

interface Fixture {
  nodes: string[];
  events: RunEvent[];
  state: Pick<Run, 'status' | 'seq' | 'started_at' | 'finished_at'> & {
    nodes: Record<string, Omit<NodeState, 'recipe'>>;
  };
  midway: Pick<Run, 'status' | 'seq'> & { nodes: Record<string, Partial<NodeState>> };
}

const FIXTURE: Fixture = JSON.parse(readFileSync('../tests/fixtures/run_events.json', 'utf-8'));
const START: Run = { ...RUN, nodes: Object.fromEntries(FIXTURE.nodes.map((node) => [node, NODE])) };

test('the shared events end in the shared state', () => {
  const end = FIXTURE.events.reduce((run, item) => applyEvent(run, item).run, START);
  expect(end).toMatchObject(FIXTURE.state);
});

test('a step that waits to be tried again says which attempt that is and when it begins', () => {
  const { events, midway } = FIXTURE;
  const until = events.filter(({ seq }) => seq <= midway.seq);
  expect(until.reduce((run, item) => applyEvent(run, item).run, START)).toMatchObject(midway);
});

test('events in order end in the final state', () => {
  const run = EVENTS.reduce((state, item) => applyEvent(state, item).run, RUN);
  expect([run.status, run.seq, doneCount(run)]).toEqual(['completed', 6, 2]);
  expect(run.nodes.a).toMatchObject({ status: 'completed', seconds: 1, metrics: { Accuracy: 1 } });
});

test('an event that was seen changes nothing', () => {
  const once = EVENTS.reduce((state, item) => applyEvent(state, item).run, RUN);
  expect(applyEvent(once, event(3, 'step_started', 'a'))).toEqual({ run: once, outcome: 'known' });
});

test('a missing number is a gap', () => {
  expect(applyEvent(RUN, event(2, 'step_queued', 'a')).outcome).toBe('gap');
});
