/** The edited document with its history. Undo replays recorded differences: nobody writes an inverse. */
import { applyPatches, enablePatches, type Patch, produceWithPatches } from 'immer';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PipelineDocument } from './document';

enablePatches();

interface Change {
  label: string;
  forward: Patch[];
  backward: Patch[];
  at: number;
}

export interface PipelineState {
  document: PipelineDocument;
  past: readonly Change[];
  future: readonly Change[];
  /** How often the document was replaced by another. */
  replacements: number;
  /** Change the document in one undoable step; changes of the same `merge` label in quick order are one. */
  edit: <Result>(
    label: string,
    recipe: (draft: PipelineDocument) => Result,
    options?: { merge?: boolean },
  ) => Result | undefined;
  undo: () => void;
  redo: () => void;
  /** Take another document, such as the server's; history starts anew. */
  replace: (document: PipelineDocument) => void;
}

export type PipelineStore = StoreApi<PipelineState>;

const MERGED_WITHIN_MS = 1000;
const KEPT_CHANGES = 500;

export function createPipelineStore(document: PipelineDocument): PipelineStore {
  return createStore<PipelineState>((set, get) => ({
    document,
    past: [],
    future: [],
    replacements: 0,
    edit(label, recipe, { merge = false } = {}) {
      const state = get();
      let result: ReturnType<typeof recipe> | undefined;
      const [next, forward, backward] = produceWithPatches(state.document, (draft) => {
        result = recipe(draft);
      });
      if (forward.length === 0) return result;
      const last = state.past.at(-1);
      const now = Date.now();
      const joined = merge && last?.label === label && now - last.at < MERGED_WITHIN_MS;
      const change: Change =
        joined && last
          ? {
              label,
              forward: [...last.forward, ...forward],
              backward: [...backward, ...last.backward],
              at: now,
            }
          : { label, forward, backward, at: now };
      const past = joined ? state.past.slice(0, -1) : state.past;
      set({ document: next, past: [...past, change].slice(-KEPT_CHANGES), future: [] });
      return result;
    },
    undo() {
      const { past, future, document } = get();
      const change = past.at(-1);
      if (!change) return;
      set({
        document: applyPatches(document, change.backward),
        past: past.slice(0, -1),
        future: [...future, change],
      });
    },
    redo() {
      const { past, future, document } = get();
      const change = future.at(-1);
      if (!change) return;
      set({
        document: applyPatches(document, change.forward),
        past: [...past, { ...change, at: 0 }],
        future: future.slice(0, -1),
      });
    },
    replace(document) {
      set({ document, past: [], future: [], replacements: get().replacements + 1 });
    },
  }));
}
