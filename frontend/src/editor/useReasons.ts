/** Keeps at hand why nodes ran, and what the next run would do with them. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { api, data } from '../api/client';
import type { Explanation, Run } from '../api/types';
import type { PipelineDocument } from '../pipeline/document';
import { FINAL_RUN } from '../pipeline/runState';
import type { Editor, Explanations } from './Editor';

const REST_MS = 300;
/** While a run goes on, its explanations are asked for no more often than this. */
const PACE_MS = 1000;
const NOTHING: Explanations = {};

type Nodes = Record<string, Explanation>;

/** Why the nodes of the shown run ran or were reused. */
export function useExplanations({ run: live, view }: Pick<Editor, 'run' | 'view'>): void {
  const id = useStore(live, ({ run }) => run?.id);
  const decided = usePaced(
    useStore(live, ({ run }) => (run ? decidedIn(run) : '')),
    useStore(live, ({ run }) => run !== null && FINAL_RUN.has(run.status)),
  );
  const { data: explanations } = useQuery({
    queryKey: ['runs', id, 'explanations', decided],
    queryFn: () =>
      data<{ nodes: Nodes }>(
        api.GET('/api/runs/{run_id}/explanations', { params: { path: { run_id: id ?? '' } } }),
      ).then(({ nodes }) => nodes),
    enabled: id !== undefined && decided !== '',
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    retry: false,
  });
  useEffect(() => view.setState({ explanations: explanations ?? NOTHING }), [explanations, view]);
}

/** Changes whenever more is known of why nodes run. */
function decidedIn(run: Run): string {
  const known = Object.values(run.nodes).filter((node) => node.status !== 'waiting').length;
  return `${run.id} ${FINAL_RUN.has(run.status) ? 'ended' : known}`;
}

/** What the next run of a draft would do, asked for when an edit has come to rest. */
export function useForecast({ store, run: live, view }: Editor, draftId: string): void {
  const edited = useStore(store, ({ document }) => document);
  const document = useRested(edited, REST_MS);
  const busy = useStore(live, ({ run }) => run !== null && !FINAL_RUN.has(run.status));
  const lastRun = useStore(live, ({ run }) => run?.id);
  const signature = signatureOf(document);
  const { data: forecast } = useQuery({
    queryKey: ['forecast', draftId, busy ? 'busy' : lastRun, signature],
    queryFn: () =>
      data<{ nodes: Nodes }>(
        api.POST('/api/runs/forecast', { body: { draft_id: draftId, document: { ...document } } }),
      ).then(({ nodes }) => nodes),
    enabled: !busy && Object.keys(document.nodes).length > 0,
    // What was foreseen before a run is no longer true after it; while a person edits, it mostly is.
    placeholderData: (before, query) => (query?.queryKey[2] === lastRun ? before : undefined),
    gcTime: 60_000,
    staleTime: 0,
    retry: false,
  });
  useEffect(() => {
    // A run shows what it does itself.
    view.setState({ forecast: busy ? NOTHING : (forecast ?? NOTHING) });
  }, [forecast, busy, view]);
}

/** What of a document decides whether nodes run: not where they lie and what is written on them. */
function signatureOf({ nodes, parameters, name }: PipelineDocument): string {
  return JSON.stringify([name, parameters, nodes], (key, value) => (key === 'comment' ? undefined : value));
}

/** A value that is taken over at a pace, and at once when it is the last one. */
function usePaced<T>(value: T, isLast: boolean): T {
  const [taken, setTaken] = useState(value);
  const takenAt = useRef(0);
  useEffect(() => {
    if (Object.is(value, taken)) return;
    const take = () => {
      takenAt.current = Date.now();
      setTaken(value);
    };
    const timer = window.setTimeout(take, isLast ? 0 : takenAt.current + PACE_MS - Date.now());
    return () => window.clearTimeout(timer);
  }, [value, taken, isLast]);
  return taken;
}

/** A value once it has not changed for a while; the first one at once. */
function useRested<T>(value: T, restMs: number): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    if (Object.is(value, rested)) return;
    const timer = window.setTimeout(() => setRested(value), restMs);
    return () => window.clearTimeout(timer);
  }, [value, rested, restMs]);
  return rested;
}
