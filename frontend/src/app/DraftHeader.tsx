import { Text, TextInput, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useDocument, useEditor } from '../editor/Editor';
import type { Autosave, SaveState } from './autosave';
import classes from './DraftHeader.module.css';

const MAX_NAME_LENGTH = 200;

export function DraftName() {
  const { t } = useTranslation('draft');
  const { store } = useEditor();
  const name = useDocument((document) => document.name);
  const rename = (value: string) =>
    store.getState().edit(
      'name',
      (draft) => {
        draft.name = value;
      },
      { merge: true },
    );
  return (
    <>
      <title>{`${name || t('untitled')} – Designer`}</title>
      <TextInput
        size="sm"
        variant="unstyled"
        aria-label={t('rename')}
        placeholder={t('untitled')}
        value={name}
        maxLength={MAX_NAME_LENGTH}
        classNames={{ root: classes.name, input: classes.nameInput }}
        onChange={(event) => rename(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
        }}
      />
    </>
  );
}

const BAD: ReadonlySet<SaveState> = new Set(['refused', 'offline', 'conflict']);

export function SaveLabel({ save }: { save: Autosave }) {
  const { t } = useTranslation('draft');
  const { state, reason } = useStore(save.status);
  return (
    <Tooltip label={reason} disabled={!reason}>
      <Text
        className={classes.save}
        c={BAD.has(state) ? 'var(--bad)' : 'var(--text-soft)'}
        role="status"
        data-testid="save-state"
        data-state={state}
      >
        {state === 'refused' ? t('save_failed') : t(state)}
      </Text>
    </Tooltip>
  );
}
