import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from '../api/client';
import { EMPTY_DOCUMENT, type PipelineDocument } from '../pipeline/document';
import { createPipelineStore } from '../pipeline/store';
import { type Autosave, browserCopies, createAutosave, type DraftServer, type Saved } from './autosave';

const examination = { problems: [], advice: [], schemas: {} };

/** A server with one draft, whose revisions are numbers. */
class OneDraft implements DraftServer {
  revision = 1;
  document: PipelineDocument = EMPTY_DOCUMENT;
  failure: Error | null = null;
  saves = 0;

  private answer(): Saved {
    return { digest: String(this.revision), document: structuredClone(this.document), examination };
  }

  save = async (document: PipelineDocument, digest: string): Promise<Saved> => {
    this.saves += 1;
    await Promise.resolve();
    if (this.failure) throw this.failure;
    if (digest !== String(this.revision)) throw new ApiError(412, 'stale', 'Changed meanwhile');
    this.document = document;
    this.revision += 1;
    return this.answer();
  };

  read = async (): Promise<Saved> => this.answer();

  changedElsewhere(name: string): void {
    this.document = { ...this.document, name };
    this.revision += 1;
  }
}

let server: OneDraft;

function open(): {
  autosave: Autosave;
  examined: ReturnType<typeof vi.fn>;
  name: (name: string) => void;
  shown: () => string;
  restored: boolean;
} {
  const document = structuredClone(server.document);
  const store = createPipelineStore(document);
  const examined = vi.fn();
  const autosave = createAutosave({
    store,
    first: { digest: String(server.revision), document, examination },
    server,
    copies: browserCopies('a', window.localStorage),
    onExamined: examined,
  });
  const restored = autosave.start();
  return {
    autosave,
    examined,
    restored,
    shown: () => store.getState().document.name,
    name: (name) =>
      store.getState().edit('name', (draft) => {
        draft.name = name;
      }),
  };
}

const stateOf = ({ status }: Autosave) => status.getState().state;

beforeEach(() => {
  vi.useFakeTimers();
  window.localStorage.clear();
  server = new OneDraft();
});
afterEach(() => vi.useRealTimers());

describe('saving', () => {
  test('edits in quick order are saved once, a moment later', async () => {
    const { autosave, name } = open();
    name('a');
    name('ab');
    expect(stateOf(autosave)).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(600);
    expect(stateOf(autosave)).toBe('saved');
    expect(server.document.name).toBe('ab');
    expect(server.saves).toBe(1);
    expect(window.localStorage.length).toBe(0);
  });

  test('what a run has found is asked for where nothing waits to be saved', async () => {
    const { autosave, name, examined } = open();
    await autosave.examine();
    expect(examined).toHaveBeenCalledTimes(1);
    name('a');
    await autosave.examine();
    expect(examined).toHaveBeenCalledTimes(1);
    await autosave.flush();
    expect(examined).toHaveBeenCalledTimes(2);
    server.changedElsewhere('b');
    await autosave.examine();
    expect(examined).toHaveBeenCalledTimes(2);
  });

  test('an edit while a save is underway is saved after it, on the new revision', async () => {
    const { autosave, name } = open();
    name('a');
    const first = autosave.flush();
    name('b');
    expect(await Promise.all([first, autosave.flush()])).toEqual([true, true]);
    expect(server.document.name).toBe('b');
    expect(stateOf(autosave)).toBe('saved');
  });

  test('without a connection work is kept here and saved later', async () => {
    const { autosave, name } = open();
    server.failure = new TypeError('Failed to fetch');
    name('a');
    expect(await autosave.flush()).toBe(false);
    expect(stateOf(autosave)).toBe('offline');
    server.failure = null;
    await vi.advanceTimersByTimeAsync(3100);
    expect(stateOf(autosave)).toBe('saved');
    expect(server.document.name).toBe('a');
  });

  test('what the server refuses is told and not tried again and again', async () => {
    const { autosave, name } = open();
    server.failure = new ApiError(404, 'not_found', 'There is no such draft');
    name('a');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(autosave.status.getState()).toEqual({ state: 'refused', reason: 'There is no such draft' });
    expect(server.saves).toBe(1);
  });
});

describe('two windows', () => {
  test('a change elsewhere is never overwritten', async () => {
    const { autosave, name } = open();
    server.changedElsewhere('theirs');
    name('mine');
    expect(await autosave.flush()).toBe(false);
    name('mine again');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(stateOf(autosave)).toBe('conflict');
    expect(server.document.name).toBe('theirs');
  });

  test('mine is kept where a person says so', async () => {
    const { autosave, name } = open();
    server.changedElsewhere('theirs');
    name('mine');
    await autosave.flush();
    await autosave.keepMine();
    expect(stateOf(autosave)).toBe('saved');
    expect(server.document.name).toBe('mine');
  });

  test('theirs is taken where a person says so', async () => {
    const { autosave, name, shown } = open();
    server.changedElsewhere('theirs');
    name('mine');
    await autosave.flush();
    await autosave.takeTheirs();
    expect(stateOf(autosave)).toBe('saved');
    expect(shown()).toBe('theirs');
    expect(window.localStorage.length).toBe(0);
  });

  test('a save whose answer was lost is no conflict', async () => {
    const { autosave, name } = open();
    name('a');
    server.changedElsewhere('a');
    expect(await autosave.flush()).toBe(true);
    expect(stateOf(autosave)).toBe('saved');
  });
});

describe('after a crash', () => {
  test('work that did not reach the server comes back and is saved', async () => {
    open().name('a');
    const { autosave, shown, restored } = open();
    expect(restored).toBe(true);
    expect(shown()).toBe('a');
    await vi.advanceTimersByTimeAsync(600);
    expect(server.document.name).toBe('a');
    expect(stateOf(autosave)).toBe('saved');
    expect(window.localStorage.length).toBe(0);
  });

  test('work on an older revision comes back as a question', () => {
    open().name('mine');
    server.changedElsewhere('theirs');
    const { autosave, shown } = open();
    expect(stateOf(autosave)).toBe('conflict');
    expect(shown()).toBe('mine');
  });

  test('work that did reach the server is no question', () => {
    open().name('a');
    server.changedElsewhere('a');
    const { autosave, restored } = open();
    expect(restored).toBe(false);
    expect(stateOf(autosave)).toBe('saved');
  });

  test.each(['{', 'null', '7', '{"a": 1}'])('a broken copy is nothing', (text) => {
    window.localStorage.setItem('designer.draft.a', text);
    expect(open().restored).toBe(false);
  });
});
