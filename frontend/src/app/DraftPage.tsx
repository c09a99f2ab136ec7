import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { draftQuery, runsQuery } from '../api/queries';
import type { Draft, Run } from '../api/types';
import { createView, type Editor, EditorProvider } from '../editor/Editor';
import { createLiveRun, follow, type LiveRunStore } from '../editor/liveRun';
import { useLibrary } from '../editor/useLibrary';
import { useExplanations, useForecast } from '../editor/useReasons';
import { useRunEnd } from '../editor/useRunEnd';
import { RunHistory } from '../features/runs/RunHistory';
import { RunToolbar } from '../features/runs/RunToolbar';
import { documentOf } from '../pipeline/document';
import { laidOut } from '../pipeline/layout';
import type { Library } from '../pipeline/rules';
import { createPipelineStore } from '../pipeline/store';
import { Loading, Notice } from '../ui/Notice';
import { ConflictDialog } from './ConflictDialog';
import { DraftName, SaveLabel } from './DraftHeader';
import { EditorLayout } from './EditorLayout';
import { ExportMenu } from './ExportMenu';
import { Header, HeaderSpace } from './Shell';
import { useAutosave } from './useAutosave';

/** A draft, to be edited and run. */
export function DraftPage() {
  const { draftId = '' } = useParams();
  const { t } = useTranslation('app');
  const draft = useQuery(draftQuery(draftId));
  const { library, error } = useLibrary();
  // What is open stays open, whatever a later request says.
  if (draft.data && library) return <DraftEditor key={draftId} draft={draft.data} library={library} />;
  const failure = draft.error ?? error;
  return failure ? <Notice title={t('failed_title')}>{failure.message}</Notice> : <Loading />;
}

function DraftEditor({ draft, library }: { draft: Draft; library: Library }) {
  const stores = useRef<Omit<Editor, 'library'>>(null);
  stores.current ??= storesOf(draft);
  const base = stores.current;
  const editor = useMemo(() => ({ ...base, library }), [base, library]);
  const save = useAutosave(base, draft);
  const onStarted = useShownRun(draft.id, editor.run);
  useExplanations(editor);
  useForecast(editor, draft.id);
  // What a run has found in data is told with the draft.
  useRunEnd(editor, () => void save.examine());
  return (
    <EditorProvider value={editor}>
      <Header>
        <DraftName />
        <SaveLabel save={save} />
        <HeaderSpace />
        <RunToolbar draftId={draft.id} save={save.flush} onStarted={onStarted} />
        <RunHistory draftId={draft.id} />
        <ExportMenu path={`drafts/${draft.id}`} before={save.flush} />
      </Header>
      <EditorLayout />
      <ConflictDialog save={save} />
    </EditorProvider>
  );
}

function storesOf(draft: Draft): Omit<Editor, 'library'> {
  const view = createView();
  view.setState({ examination: draft.examination });
  return {
    store: createPipelineStore(laidOut(documentOf(draft.document))),
    view,
    run: createLiveRun(),
    readOnly: false,
  };
}

/** Shows the draft's newest run over it, then each one that is started. */
function useShownRun(draftId: string, store: LiveRunStore): (run: Run) => void {
  const stop = useRef<() => void>(undefined);
  const watch = (runId: string) => {
    stop.current?.();
    stop.current = follow(store, runId);
  };
  const newest = useQuery(runsQuery(draftId)).data?.[0]?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the first answer counts; later runs are started here
  useEffect(() => {
    if (newest && store.getState().run === null) watch(newest);
  }, [newest, store]);
  useEffect(() => () => stop.current?.(), []);
  return (run) => {
    store.setState({ run, progress: {}, logs: {} });
    watch(run.id);
  };
}
