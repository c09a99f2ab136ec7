import { Button, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, data } from '../api/client';
import type { Draft } from '../api/types';
import { useEditor } from '../editor/Editor';
import type { Autosave } from './useAutosave';

/** Two windows have changed one draft: a person decides, nothing is lost silently. */
export function ConflictDialog({ save }: { save: Autosave }) {
  const { t } = useTranslation('draft');
  const { store } = useEditor();
  const navigate = useNavigate();
  const keepBoth = async () => {
    const mine = store.getState().document;
    const document = { ...mine, name: t('copy_name', { name: mine.name }) };
    const copy = await data<Draft>(api.POST('/api/drafts', { body: { document } }));
    await save.takeTheirs();
    await navigate(`/drafts/${copy.id}`);
  };
  return (
    <Modal
      opened={save.state === 'conflict'}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('conflict_title')}
    >
      <Stack>
        <Text size="sm">{t('conflict_text')}</Text>
        <Button onClick={() => void keepBoth()}>{t('keep_both')}</Button>
        <Button variant="default" onClick={() => void save.overwrite()}>
          {t('keep_mine')}
        </Button>
        <Button variant="default" onClick={() => void save.takeTheirs()}>
          {t('take_theirs')}
        </Button>
      </Stack>
    </Modal>
  );
}
