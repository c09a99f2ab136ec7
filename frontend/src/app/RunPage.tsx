import { Anchor, Badge, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, data } from '../api/client';
import type { Advice, Run } from '../api/types';
import { createView, type Editor, EditorProvider, useLiveRun } from '../editor/Editor';
import { createLiveRun, follow } from '../editor/liveRun';
import { useLibrary } from '../editor/useLibrary';
import { useExplanations } from '../editor/useReasons';
import { useRunEnd } from '../editor/useRunEnd';
import { documentOf } from '../pipeline/document';
import { laidOut } from '../pipeline/layout';
import type { Library } from '../pipeline/rules';
import { createPipelineStore } from '../pipeline/store';
import { Loading, Notice } from '../ui/Notice';
import { notifyFailure } from '../ui/notify';
import { RunBadge } from '../ui/RunBadge';
import { EditorLayout } from './EditorLayout';
import { ExportMenu } from './ExportMenu';
import { Header, HeaderSpace } from './Shell';

/** A past or running run: its own copy of the pipeline, read only. */
export function RunPage() {
  const { runId = '' } = useParams();
  const { t } = useTranslation('app');
  const { library, error } = useLibrary();
  const run = useQuery({
    queryKey: ['runs', runId],
    queryFn: () => data<Run>(api.GET('/api/runs/{run_id}', { params: { path: { run_id: runId } } })),
  });
  if (run.data && library) return <RunView key={runId} run={run.data} library={library} />;
  const failure = run.error ?? error;
  return failure ? <Notice title={t('failed_title')}>{failure.message}</Notice> : <Loading />;
}

function RunView({ run, library }: { run: Run; library: Library }) {
  const { t } = useTranslation('draft');
  const { id, document, number, draft_id: draftId } = run;
  const stores = useRef<Omit<Editor, 'library'>>(null);
  stores.current ??= {
    store: createPipelineStore(laidOut(documentOf(document))),
    view: createView(),
    run: createLiveRun(),
    readOnly: true,
  };
  const base = stores.current;
  const editor = useMemo(() => ({ ...base, library }), [base, library]);
  useEffect(() => follow(editor.run, id), [editor.run, id]);
  useExplanations(editor);
  useAdviceOfRun(editor);
  return (
    <EditorProvider value={editor}>
      <title>{`${document.name} – ${t('past_run', { number })} – Designer`}</title>
      <Header>
        <Text fw={600} truncate>
          {document.name}
        </Text>
        <Badge variant="light" color="gray" tt="none">
          {t('past_run', { number })}
        </Badge>
        <Status />
        <HeaderSpace />
        <ExportMenu path={`runs/${id}`} programsOnly />
        {draftId && (
          <Anchor component={Link} to={`/drafts/${draftId}`} size="sm">
            {t('to_draft')}
          </Anchor>
        )}
      </Header>
      <EditorLayout />
    </EditorProvider>
  );
}

/** Shows what a run that has ended has found in its data. */
function useAdviceOfRun(editor: Editor): void {
  const { t } = useTranslation('advice');
  useRunEnd(editor, (runId) => {
    const path = { run_id: runId };
    void data<Advice[]>(api.GET('/api/runs/{run_id}/advice', { params: { path } }))
      .then((advice) => editor.view.setState({ examination: { problems: [], schemas: {}, advice } }))
      .catch((error) => notifyFailure(t('failed'), error));
  });
}

function Status() {
  const status = useLiveRun((state) => state.run?.status);
  return status ? <RunBadge status={status} /> : null;
}
