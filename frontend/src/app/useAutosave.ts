/** Keeps the draft on the server, and a copy in this browser until it is there. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, api, data } from '../api/client';
import type { Draft } from '../api/types';
import type { Editor } from '../editor/Editor';
import { documentOf, type PipelineDocument } from '../pipeline/document';

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'offline' | 'conflict' | 'refused';

const WAIT_MS = 500;
const RETRY_MS = 3000;

interface LocalCopy {
  digest: string;
  document: PipelineDocument;
}

const keyOf = (id: string) => `designer.draft.${id}`;

/** Work of this browser that did not reach the server; it began at the revision `digest`. */
export function localCopy(id: string): LocalCopy | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(id)) ?? 'null');
  } catch {
    return null;
  }
}

export interface Autosave {
  state: SaveState;
  /** Save now; tells whether the server has everything. */
  flush: () => Promise<boolean>;
  /** Save over the revision that the server has. */
  overwrite: () => Promise<void>;
  /** Take what the server has. */
  takeTheirs: () => Promise<void>;
}

export function useAutosave(editor: Editor, draft: Draft): Autosave {
  const { store, view } = editor;
  const [state, setState] = useState<SaveState>('saved');
  const digest = useRef(draft.digest);
  const saved = useRef<PipelineDocument>(store.getState().document);
  const timer = useRef<number | undefined>(undefined);
  const underway = useRef<Promise<boolean> | null>(null);
  const blocked = useRef(false);

  const send = useCallback(async (): Promise<boolean> => {
    const document = store.getState().document;
    if (document === saved.current) return true;
    if (blocked.current) return false;
    setState('saving');
    try {
      const answer = await data<Draft>(
        api.PUT('/api/drafts/{draft_id}', {
          params: { path: { draft_id: draft.id }, header: { 'If-Match': `"${digest.current}"` } },
          body: { document: { ...document } },
        }),
      );
      digest.current = answer.digest;
      saved.current = document;
      view.setState({ examination: answer.examination });
      if (store.getState().document !== document) return send();
      localStorage.removeItem(keyOf(draft.id));
      setState('saved');
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        blocked.current = true;
        setState('conflict');
      } else if (error instanceof ApiError && error.status === 422) {
        setState('refused');
      } else {
        setState('offline');
        timer.current = window.setTimeout(() => void send(), RETRY_MS);
      }
      return false;
    }
  }, [draft.id, store, view]);

  const flush = useCallback(async (): Promise<boolean> => {
    window.clearTimeout(timer.current);
    while (underway.current) await underway.current;
    underway.current = send().finally(() => {
      underway.current = null;
    });
    return underway.current;
  }, [send]);

  useEffect(
    () =>
      store.subscribe(({ document }, before) => {
        if (document === before.document || document === saved.current) return;
        const copy: LocalCopy = { digest: digest.current, document };
        localStorage.setItem(keyOf(draft.id), JSON.stringify(copy));
        if (!blocked.current) setState('unsaved');
        window.clearTimeout(timer.current);
        timer.current = window.setTimeout(() => void flush(), WAIT_MS);
      }),
    [store, draft.id, flush],
  );

  useEffect(() => () => void flush(), [flush]);

  const fetchTheirs = () =>
    data<Draft>(api.GET('/api/drafts/{draft_id}', { params: { path: { draft_id: draft.id } } }));

  const overwrite = async () => {
    digest.current = (await fetchTheirs()).digest;
    blocked.current = false;
    await flush();
  };

  const takeTheirs = async () => {
    const theirs = await fetchTheirs();
    digest.current = theirs.digest;
    blocked.current = false;
    const document = documentOf(theirs.document);
    saved.current = document;
    store.getState().replace(document);
    view.setState({ examination: theirs.examination });
    localStorage.removeItem(keyOf(draft.id));
    setState('saved');
  };

  return { state, flush, overwrite, takeTheirs };
}
