import { Button, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useStore } from 'zustand';
import { api, data } from '../api/client';
import type { Draft } from '../api/types';
import { useEditor } from '../editor/Editor';
import { notifyFailure } from '../ui/notify';
import type { Autosave } from './autosave';

/** Two windows have changed one draft: a person decides, nothing is lost silently. */
export function ConflictDialog({ save }: { save: Autosave }) {
  const { t } = useTranslation('draft');
  const { store } = useEditor();
  const navigate = useNavigate();
  const opened = useStore(save.status, ({ state }) => state === 'conflict');
  const choose = useMutation({
    mutationFn: (choice: () => Promise<void>) => choice(),
    onError: (error) => notifyFailure(t('save_failed'), error),
  });

  const keepBoth = async () => {
    const mine = store.getState().document;
    const document = { ...mine, name: t('copy_name', { name: mine.name }) };
    const copy = await data<Draft>(api.POST('/api/drafts', { body: { document } }));
    await save.takeTheirs();
    await navigate(`/drafts/${copy.id}`);
  };

  const CHOICES = [
    { label: t('keep_both'), choice: keepBoth, variant: 'filled' },
    { label: t('keep_mine'), choice: save.keepMine, variant: 'default' },
    { label: t('take_theirs'), choice: save.takeTheirs, variant: 'default' },
  ];
  return (
    <Modal
      opened={opened}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('conflict_title')}
    >
      <Stack>
        <Text size="sm">{t('conflict_text')}</Text>
        {CHOICES.map(({ label, choice, variant }) => (
          <Button
            key={label}
            variant={variant}
            loading={choose.isPending && choose.variables === choice}
            disabled={choose.isPending}
            onClick={() => choose.mutate(choice)}
          >
            {label}
          </Button>
        ))}
      </Stack>
    </Modal>
  );
}
