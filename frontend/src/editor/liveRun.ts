/** Follows one run: the socket announces, the server's database answers. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { api, data } from '../api/client';
import type { Run, RunEvent } from '../api/types';
import { applyEvent, FINAL_RUN } from '../pipeline/runState';

export interface LiveRunState {
  run: Run | null;
  connected: boolean;
  progress: Record<string, number>;
  /** How many bytes of each node's log are known to exist; the text is fetched by who shows it. */
  logs: Record<string, number>;
}

export type LiveRunStore = StoreApi<LiveRunState>;

type Message =
  | { kind: 'snapshot'; run: Run }
  | { kind: 'event'; event: RunEvent }
  | { kind: 'progress'; node: string; fraction: number }
  | { kind: 'log'; node: string; text: string; offset: number };

/** What following needs of the world; tests give their own. */
export interface Line {
  open: (runId: string) => WebSocket;
  eventsAfter: (runId: string, seq: number) => Promise<RunEvent[]>;
}

const FRAME_MS = 16;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
// Codes of the server that another try does not change: not signed in, no such run.
const REFUSED = 4400;

const NOTHING: LiveRunState = { run: null, connected: false, progress: {}, logs: {} };

export function createLiveRun(): LiveRunStore {
  return createStore<LiveRunState>(() => NOTHING);
}

const SERVER: Line = {
  open: (runId) => {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    return new WebSocket(`${scheme}://${window.location.host}/ws/runs/${runId}`);
  },
  eventsAfter: (runId, after) =>
    data<RunEvent[]>(
      api.GET('/api/runs/{run_id}/events', { params: { path: { run_id: runId }, query: { after } } }),
    ),
};

/** Follow a run until the returned function is called or the run has ended. */
export function follow(store: LiveRunStore, runId: string, line: Line = SERVER): () => void {
  let socket: WebSocket | null = null;
  let timer: number | undefined;
  let retryMs = FIRST_RETRY_MS;
  let stopped = false;
  let asking = false;
  // Events that came before an earlier one did.
  let early: RunEvent[] = [];

  const after = (run: Run | null, event: RunEvent): Run | null => {
    if (!run || run.id !== runId) return run;
    const { run: next, outcome } = applyEvent(run, event);
    if (outcome === 'gap') early.push(event);
    return outcome === 'applied' ? next : run;
  };

  const apply = (events: RunEvent[]) => {
    const { run } = store.getState();
    const next = events.reduce(after, run);
    if (next !== run) store.setState({ run: next });
  };

  /** Apply what waited; ask for what is still missing. */
  const settle = () => {
    const waiting = early.sort((a, b) => a.seq - b.seq);
    early = [];
    apply(waiting);
    const { run } = store.getState();
    if (run && FINAL_RUN.has(run.status)) stop();
    else if (run && early.length > 0) void ask(run.seq);
  };

  const ask = async (seq: number) => {
    if (asking || stopped) return;
    asking = true;
    try {
      const events = await line.eventsAfter(runId, seq);
      if (!stopped) apply(events);
    } catch {
      early = [];
      socket?.close(); // the snapshot of the next connection holds what is missing
    } finally {
      asking = false;
    }
    if (!stopped) settle();
  };

  const hear = (messages: Message[]) => {
    if (stopped) return;
    let { run, progress, logs } = store.getState();
    for (const message of messages) {
      switch (message.kind) {
        case 'snapshot':
          if (!run || run.id !== message.run.id || message.run.seq >= run.seq) run = message.run;
          break;
        case 'event':
          run = after(run, message.event);
          break;
        case 'progress':
          progress = { ...progress, [message.node]: message.fraction };
          break;
        case 'log':
          logs = { ...logs, [message.node]: message.offset };
          break;
      }
    }
    store.setState({ run, progress, logs });
    if (!asking) settle();
  };

  // What comes within a frame is shown together: to draw each change by itself takes longer than it lasts.
  let heard: Message[] = [];
  let frame: number | undefined;
  const showHeard = () => {
    frame = undefined;
    if (heard.length === 0) return;
    const messages = heard;
    heard = [];
    frame = window.setTimeout(showHeard, FRAME_MS);
    hear(messages);
  };

  const connect = () => {
    socket = line.open(runId);
    socket.onopen = () => {
      retryMs = FIRST_RETRY_MS;
      store.setState({ connected: true });
    };
    socket.onmessage = ({ data: text }) => {
      heard.push(JSON.parse(String(text)));
      if (frame === undefined) showHeard();
    };
    socket.onclose = ({ code }) => {
      if (stopped) return;
      store.setState({ connected: false });
      if (code >= REFUSED) return;
      timer = window.setTimeout(connect, retryMs);
      retryMs = Math.min(2 * retryMs, LAST_RETRY_MS);
    };
  };

  const stop = () => {
    stopped = true;
    window.clearTimeout(timer);
    window.clearTimeout(frame);
    socket?.close();
  };

  if (store.getState().run?.id !== runId) store.setState({ ...NOTHING });
  connect();
  return stop;
}
