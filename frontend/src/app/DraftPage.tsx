import { ActionIcon, Menu, Text, TextInput } from '@mantine/core';
import { IconDots, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { draftQuery, runsQuery } from '../api/queries';
import type { Draft, Run } from '../api/types';
import { createView, type Editor, EditorProvider, useDocument, useEditor } from '../editor/Editor';
import { createLiveRun, follow } from '../editor/liveRun';
import { useLibrary } from '../editor/useLibrary';
import { RunHistory } from '../features/runs/RunHistory';
import { RunToolbar } from '../features/runs/RunToolbar';
import { documentOf } from '../pipeline/document';
import type { Library } from '../pipeline/rules';
import { createPipelineStore } from '../pipeline/store';
import { Loading, Notice } from '../ui/Notice';
import { notify } from '../ui/notify';
import { ConflictDialog } from './ConflictDialog';
import { EditorLayout } from './EditorLayout';
import { Header } from './Shell';
import { type Autosave, localCopy, type SaveState, useAutosave } from './useAutosave';

/** A draft, to be edited and run. */
export function DraftPage() {
  const { draftId = '' } = useParams();
  const { t } = useTranslation('app');
  const draft = useQuery(draftQuery(draftId));
  const library = useLibrary();
  if (draft.isError) return <Notice title={t('failed_title')}>{draft.error.message}</Notice>;
  if (!draft.data || !library) return <Loading />;
  return <DraftEditor key={draftId} draft={draft.data} library={library} />;
}

function DraftEditor({ draft, library }: { draft: Draft; library: Library }) {
  const { t } = useTranslation('draft');
  const stores = useRef<Omit<Editor, 'library'>>(null);
  if (!stores.current) {
    const view = createView();
    view.setState({ examination: draft.examination });
    stores.current = {
      store: createPipelineStore(documentOf(draft.document)),
      view,
      run: createLiveRun(),
      readOnly: false,
    };
  }
  const base = stores.current;
  const editor = useMemo(() => ({ ...base, library }), [base, library]);
  const save = useAutosave(editor, draft);

  useEffect(() => {
    const copy = localCopy(draft.id);
    if (!copy) return;
    if (copy.digest !== draft.digest) return; // it began at an older revision; the newer one stands
    editor.store.getState().edit('restore', (target) => Object.assign(target, copy.document));
    notify(t('restored'));
  }, [draft.id, draft.digest, editor.store, t]);

  const stop = useRef<() => void>(undefined);
  const watch = (runId: string) => {
    stop.current?.();
    stop.current = follow(editor.run, runId);
  };
  const last = useQuery(runsQuery(draft.id)).data?.[0];
  useEffect(() => {
    // Opening a draft shows its newest run over it.
    if (last && editor.run.getState().run === null) stop.current = follow(editor.run, last.id);
  }, [last, editor.run]);
  useEffect(() => () => stop.current?.(), []);

  const onStarted = (run: Run) => {
    editor.run.setState({ run, progress: {}, logs: {} });
    watch(run.id);
  };

  return (
    <EditorProvider value={editor}>
      <Header>
        <DraftName />
        <SaveLabel state={save.state} />
        <div style={{ flex: 1 }} />
        <RunToolbar draftId={draft.id} save={save.flush} onStarted={onStarted} />
        <RunHistory draftId={draft.id} />
        <More draftId={draft.id} save={save} />
      </Header>
      <EditorLayout />
      <ConflictDialog save={save} />
    </EditorProvider>
  );
}

function DraftName() {
  const { t } = useTranslation('draft');
  const { store } = useEditor();
  const name = useDocument((document) => document.name);
  return (
    <TextInput
      size="sm"
      variant="unstyled"
      aria-label={t('rename')}
      placeholder={t('untitled')}
      value={name}
      maxLength={200}
      w={280}
      styles={{ input: { color: 'var(--text)', fontWeight: 600 } }}
      onChange={({ currentTarget: { value } }) =>
        store.getState().edit(
          'name',
          (draft) => {
            draft.name = value;
          },
          { merge: true },
        )
      }
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}

function SaveLabel({ state }: { state: SaveState }) {
  const { t } = useTranslation('draft');
  const text = state === 'refused' ? t('save_failed') : t(state);
  const bad = state === 'refused' || state === 'offline' || state === 'conflict';
  return (
    <Text
      size="xs"
      c={bad ? 'var(--bad)' : 'var(--text-soft)'}
      role="status"
      data-testid="save-state"
      data-state={state}
      style={{ whiteSpace: 'nowrap' }}
    >
      {text}
    </Text>
  );
}

function More({ draftId, save }: { draftId: string; save: Autosave }) {
  const { t } = useTranslation('draft');
  const download = async (format: 'yaml' | 'json') => {
    await save.flush();
    const name = document.createElement('a');
    name.href = `/api/drafts/${draftId}/document?format=${format}`;
    name.download = `pipeline.${format}`;
    name.click();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('more')}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => void download('yaml')}>
          {t('export_yaml')}
        </Menu.Item>
        <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => void download('json')}>
          {t('export_json')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
