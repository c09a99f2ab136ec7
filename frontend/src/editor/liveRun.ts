/** Follows one run: the socket announces, the server's database answers. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { api, data } from '../api/client';
import type { Run, RunEvent } from '../api/types';
import { applyEvent, FINAL_RUN } from '../pipeline/runState';

export interface LiveRunState {
  run: Run | null;
  connected: boolean;
  progress: Record<string, number>;
  logs: Record<string, string>;
}

export type LiveRunStore = StoreApi<LiveRunState>;

type Message =
  | { kind: 'snapshot'; run: Run }
  | { kind: 'event'; event: RunEvent }
  | { kind: 'progress'; node: string; fraction: number }
  | { kind: 'log'; node: string; text: string };

const RECONNECT_MS = 1000;
const KEPT_LOG = 200_000;

const NOTHING: LiveRunState = { run: null, connected: false, progress: {}, logs: {} };

export function createLiveRun(): LiveRunStore {
  return createStore<LiveRunState>(() => NOTHING);
}

/** Follow a run until the returned function is called or the run has ended. */
export function follow(store: LiveRunStore, runId: string): () => void {
  let socket: WebSocket | null = null;
  let timer: number | undefined;
  let stopped = false;
  let asking = false;

  const apply = (event: RunEvent) => {
    const { run } = store.getState();
    if (!run) return;
    const { run: next, outcome } = applyEvent(run, event);
    if (outcome === 'applied') store.setState({ run: next });
    if (outcome === 'gap') void ask(run.seq);
  };

  const ask = async (after: number) => {
    if (asking) return;
    asking = true;
    try {
      const params = { path: { run_id: runId }, query: { after } };
      const events = await data<RunEvent[]>(api.GET('/api/runs/{run_id}/events', { params }));
      for (const event of events) apply(event);
    } catch {
      socket?.close();
    } finally {
      asking = false;
    }
  };

  const hear = (message: Message) => {
    switch (message.kind) {
      case 'snapshot': {
        const { run } = store.getState();
        if (!run || run.id !== message.run.id || message.run.seq >= run.seq) {
          store.setState({ run: message.run });
        }
        break;
      }
      case 'event':
        apply(message.event);
        break;
      case 'progress':
        store.setState(({ progress }) => ({
          progress: { ...progress, [message.node]: message.fraction },
        }));
        break;
      case 'log':
        store.setState(({ logs }) => ({
          logs: { ...logs, [message.node]: ((logs[message.node] ?? '') + message.text).slice(-KEPT_LOG) },
        }));
        break;
    }
    const { run } = store.getState();
    if (run && FINAL_RUN.has(run.status)) stop();
  };

  const connect = () => {
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
    socket = new WebSocket(`${scheme}://${window.location.host}/ws/runs/${runId}`);
    socket.onopen = () => store.setState({ connected: true });
    socket.onmessage = ({ data: text }) => hear(JSON.parse(String(text)));
    socket.onclose = ({ code }) => {
      store.setState({ connected: false });
      if (!stopped && code < 4400) timer = window.setTimeout(connect, RECONNECT_MS);
    };
  };

  const stop = () => {
    stopped = true;
    window.clearTimeout(timer);
    socket?.close();
  };

  if (store.getState().run?.id !== runId) store.setState({ ...NOTHING });
  connect();
  return stop;
}
