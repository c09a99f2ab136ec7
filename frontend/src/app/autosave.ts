/** Keeps a draft on the server, and a copy in this browser until it is there. Nothing is lost or overwritten silently. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { ApiError } from '../api/client';
import type { Examination } from '../api/types';
import type { PipelineDocument } from '../pipeline/document';
import type { PipelineStore } from '../pipeline/store';

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'offline' | 'conflict' | 'refused';

/** A draft as the server has it. */
export interface Saved {
  digest: string;
  document: PipelineDocument;
  examination: Examination;
}

/** Where drafts are kept; `save` fails with status 412 if another revision than `digest` is there. */
export interface DraftServer {
  save: (document: PipelineDocument, digest: string) => Promise<Saved>;
  read: () => Promise<Saved>;
}

/** Work of this browser that did not reach the server; it began at the revision `digest`. */
export interface LocalCopy {
  digest: string;
  document: PipelineDocument;
}

export interface LocalCopies {
  read: () => LocalCopy | null;
  write: (copy: LocalCopy) => void;
  /** Take away what this window wrote; a copy of another window stays. */
  clear: () => void;
}

export interface SaveStatus {
  state: SaveState;
  /** Why the server refused, in its words. */
  reason: string | null;
}

export interface Autosave {
  status: StoreApi<SaveStatus>;
  /** Watch the document, after taking up what an earlier window left behind; tells whether it did. */
  start: () => boolean;
  /** Save what is not saved, and watch no longer. */
  stop: () => void;
  /** Save now; tells whether the server has everything. */
  flush: () => Promise<boolean>;
  /** Ask anew what the server says of what is saved, such as after a run; a save that is to come will tell by itself. */
  examine: () => Promise<void>;
  /** Save over the revision that the server has. */
  keepMine: () => Promise<void>;
  /** Take what the server has. */
  takeTheirs: () => Promise<void>;
}

const WAIT_MS = 500;
const RETRY_MS = 3000;

interface Options {
  store: PipelineStore;
  first: Saved;
  server: DraftServer;
  copies: LocalCopies;
  onExamined: (examination: Examination) => void;
}

export function createAutosave({ store, first, server, copies, onExamined }: Options): Autosave {
  const status = createStore<SaveStatus>(() => ({ state: 'saved', reason: null }));
  const tell = (state: SaveState, reason: string | null = null) => status.setState({ state, reason });
  const mine = () => store.getState().document;

  let digest = first.digest;
  let saved = first.document;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underway: Promise<boolean> | null = null;
  let unsubscribe: (() => void) | undefined;

  const accept = (answer: Saved, document: PipelineDocument) => {
    digest = answer.digest;
    saved = document;
    onExamined(answer.examination);
  };

  const wait = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), milliseconds);
  };

  const send = async (): Promise<boolean> => {
    if (status.getState().state === 'conflict') return false;
    try {
      while (mine() !== saved) {
        tell('saving');
        const document = mine();
        accept(await server.save(document, digest), document);
      }
    } catch (error) {
      return await failed(error);
    }
    copies.clear();
    tell('saved');
    return true;
  };

  const failed = async (error: unknown): Promise<boolean> => {
    if (!(error instanceof ApiError) || error.status >= 500) {
      tell('offline');
      wait(RETRY_MS);
      return false;
    }
    if (error.status !== 412) {
      tell('refused', error.message);
      return false;
    }
    // An answer that was lost on its way looks like a change by somebody else: the server has my very words.
    const theirs = await server.read().catch(() => null);
    const document = mine();
    if (theirs && isSame(theirs.document, document)) {
      accept(theirs, document);
      return send();
    }
    tell('conflict');
    return false;
  };

  const flush = (): Promise<boolean> => {
    clearTimeout(timer);
    underway ??= send().finally(() => {
      underway = null;
    });
    return underway;
  };

  const restore = (): boolean => {
    const copy = copies.read();
    if (!copy || isSame(copy.document, saved)) return false;
    store.getState().edit('restore', (target) => Object.assign(target, copy.document));
    copies.write(copy);
    if (copy.digest === digest) wait(WAIT_MS);
    else tell('conflict');
    return true;
  };

  return {
    status,
    start() {
      const restored = mine() === saved && restore();
      unsubscribe = store.subscribe(({ document }, before) => {
        if (document === before.document || document === saved) return;
        copies.write({ digest, document });
        if (status.getState().state === 'conflict') return;
        tell('unsaved');
        wait(WAIT_MS);
      });
      return restored;
    },
    stop() {
      unsubscribe?.();
      void flush().then(() => clearTimeout(timer));
    },
    flush,
    async examine() {
      if (mine() !== saved || underway) return;
      const theirs = await server.read().catch(() => null);
      if (theirs?.digest === digest && mine() === saved) onExamined(theirs.examination);
    },
    async keepMine() {
      digest = (await server.read()).digest;
      tell('unsaved');
      await flush();
    },
    async takeTheirs() {
      const theirs = await server.read();
      accept(theirs, theirs.document);
      store.getState().replace(theirs.document);
      copies.clear();
      tell('saved');
    },
  };
}

/** Whether two documents say the same, whatever the order of their keys. */
function isSame(one: PipelineDocument, other: PipelineDocument): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Copies in the storage of this browser. Where it is full or forbidden, there is none. */
export function browserCopies(draftId: string, storage: Storage): LocalCopies {
  const key = `designer.draft.${draftId}`;
  let written: string | null = null;
  return {
    read() {
      try {
        const copy: unknown = JSON.parse(storage.getItem(key) ?? 'null');
        return isCopy(copy) ? copy : null;
      } catch {
        return null;
      }
    },
    write(copy) {
      written = JSON.stringify(copy);
      try {
        storage.setItem(key, written);
      } catch {
        // Over the browser's quota: the server is the place that counts.
      }
    },
    clear() {
      if (written !== null && storage.getItem(key) === written) storage.removeItem(key);
    },
  };
}

function isCopy(value: unknown): value is LocalCopy {
  return typeof value === 'object' && value !== null && 'digest' in value && 'document' in value;
}
