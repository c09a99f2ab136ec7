import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { NodeState, Run, RunEvent } from '../api/types';
import { createLiveRun, follow, type Line } from './liveRun';

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
  status: 'running',
  created_at: '2026-01-01T00:00:00Z',
  started_at: null,
  finished_at: null,
  counts: {},
  document: { format: 'designer/pipeline@1', name: '', description: '' },
  seq: 1,
  nodes: { a: NODE },
};

const EVENTS: RunEvent[] = [
  ['run_started', null],
  ['step_queued', 'a'],
  ['step_started', 'a'],
  ['step_completed', 'a'],
  ['run_completed', null],
].map(([kind, node], index) => ({
  seq: index + 1,
  kind: kind ?? '',
  node: node ?? null,
  at: `2026-01-01T00:00:0${index}Z`,
  data: {},
}));

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  closed = false;
  close() {
    if (this.closed) return;
    this.closed = true;
    this.onclose?.({ code: 1000 });
  }
  /** Messages that come at once, and a moment in which they are shown. */
  say(...messages: unknown[]) {
    for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
    vi.advanceTimersByTime(20);
  }
  announce(...numbers: number[]) {
    this.say(...numbers.map((seq) => ({ kind: 'event', event: EVENTS[seq - 1] })));
  }
}

function server() {
  const sockets: FakeSocket[] = [];
  const asked: number[] = [];
  let answer: (events: RunEvent[]) => void = () => {};
  const line: Line = {
    open: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    eventsAfter: (_run, seq) => {
      asked.push(seq);
      return new Promise((resolve) => {
        answer = resolve;
      });
    },
  };
  return { line, sockets, asked, answer: (events: RunEvent[]) => answer(events) };
}

function started() {
  const store = createLiveRun();
  const world = server();
  const stop = follow(store, 'r', world.line);
  const [socket] = world.sockets;
  if (!socket) throw new Error('no socket was opened');
  socket.say({ kind: 'snapshot', run: RUN });
  return { store, stop, socket, ...world };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a snapshot and the events after it end in the true state, and the socket is closed', () => {
  const { store, socket } = started();
  socket.announce(2, 3, 4, 5);
  expect(store.getState().run).toMatchObject({ status: 'completed', seq: 5 });
  expect(socket.closed).toBe(true);
});

test('the first of many changes is shown at once, and the others together', () => {
  const { store, socket } = started();
  const seen: (number | undefined)[] = [];
  store.subscribe(({ run }) => seen.push(run?.seq));
  socket.announce(2, 3, 4);
  expect(seen).toEqual([2, 4]);
});

test('events that are missing are asked for, and those that came meanwhile are not lost', async () => {
  const { store, socket, asked, answer } = started();
  socket.announce(3);
  expect(asked).toEqual([1]);
  socket.announce(4, 5);
  answer(EVENTS.slice(1, 3));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().run).toMatchObject({ status: 'completed', seq: 5 });
});

test('what is still missing after an answer is asked for again', async () => {
  const { store, socket, asked, answer } = started();
  socket.announce(3);
  socket.announce(5);
  answer(EVENTS.slice(1, 2));
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([1, 3]);
  answer(EVENTS.slice(3));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().run?.status).toBe('completed');
});

test('a lost connection is made again, and its snapshot counts', async () => {
  const { store, socket, sockets } = started();
  socket.close();
  expect(store.getState().connected).toBe(false);
  await vi.advanceTimersByTimeAsync(600);
  sockets[1]?.say({ kind: 'snapshot', run: { ...RUN, seq: 5, status: 'completed' } });
  expect(store.getState().run?.status).toBe('completed');
});

test('a snapshot that is older than what is known is passed over', () => {
  const { store, socket } = started();
  socket.announce(2, 3);
  socket.say({ kind: 'snapshot', run: RUN });
  expect(store.getState().run?.seq).toBe(3);
});

test('a run that is not here is not asked for again', async () => {
  const { socket, sockets } = started();
  socket.onclose?.({ code: 4404 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sockets).toHaveLength(1);
});

test('nothing is heard of after following has stopped', async () => {
  const { store, stop, socket, answer } = started();
  socket.announce(3);
  stop();
  answer(EVENTS.slice(1));
  await vi.advanceTimersByTimeAsync(0);
  expect(store.getState().run?.seq).toBe(1);
});
