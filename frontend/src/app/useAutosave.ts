import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../api/client';
import type { Draft } from '../api/types';
import type { Editor } from '../editor/Editor';
import { documentOf } from '../pipeline/document';
import { laidOut } from '../pipeline/layout';
import { notify } from '../ui/notify';
import { type Autosave, browserCopies, createAutosave, type DraftServer, type Saved } from './autosave';

/** Saves the draft that an editor shows, from the revision with which it was opened. */
export function useAutosave({ store, view }: Pick<Editor, 'store' | 'view'>, draft: Draft): Autosave {
  const { t } = useTranslation('draft');
  // biome-ignore lint/correctness/useExhaustiveDependencies: later answers of the server are the autosave's own
  const autosave = useMemo(
    () =>
      createAutosave({
        store,
        first: { ...savedOf(draft), document: store.getState().document },
        server: serverOf(draft.id),
        copies: browserCopies(draft.id, window.localStorage),
        onExamined: (examination) => view.setState({ examination }),
      }),
    [draft.id, store, view],
  );

  useEffect(() => {
    if (autosave.start()) notify(t('restored'));
    const save = () => void autosave.flush();
    window.addEventListener('online', save);
    document.addEventListener('visibilitychange', save);
    return () => {
      window.removeEventListener('online', save);
      document.removeEventListener('visibilitychange', save);
      autosave.stop();
    };
  }, [autosave, t]);
  return autosave;
}

function serverOf(id: string): DraftServer {
  const path = { draft_id: id };
  return {
    save: async (document, digest) =>
      savedOf(
        await data<Draft>(
          api.PUT('/api/drafts/{draft_id}', {
            params: { path, header: { 'If-Match': `"${digest}"` } },
            body: { document: { ...document } },
          }),
        ),
      ),
    read: async () => savedOf(await data<Draft>(api.GET('/api/drafts/{draft_id}', { params: { path } }))),
  };
}

function savedOf(draft: Draft): Saved {
  return {
    digest: draft.digest,
    document: laidOut(documentOf(draft.document)),
    examination: draft.examination,
  };
}
