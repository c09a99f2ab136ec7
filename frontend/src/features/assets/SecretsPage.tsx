import { ActionIcon, Button, Group, Modal, Table, Text, Title } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import { secretsQuery } from '../../api/queries';
import type { SecretName } from '../../api/types';
import { formatMoment } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { notifyFailure } from '../../ui/notify';
import { SecretForm } from '../../ui/SecretForm';
import classes from './Page.module.css';

/** Passwords and access keys that pipelines name. */
export function SecretsPage() {
  const { t } = useTranslation('secrets');
  const [named, setNamed] = useState<string | null>(null);
  const close = () => setNamed(null);
  return (
    <div className={classes.page}>
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb="md">
        <div>
          <Title order={1} size="h3">
            {t('secrets')}
          </Title>
          <Text size="sm" c="var(--text-soft)">
            {t('page_text')}
          </Text>
        </div>
        <Button flex="none" leftSection={<IconPlus size={16} />} onClick={() => setNamed('')}>
          {t('set')}
        </Button>
      </Group>
      <List onReplace={setNamed} />
      <Modal
        closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
        opened={named !== null}
        onClose={close}
        title={t('set')}
      >
        <SecretForm suggestion={named ?? ''} help={t('value_help')} onSet={close} />
      </Modal>
    </div>
  );
}

function List({ onReplace }: { onReplace: (name: string) => void }) {
  const { t } = useTranslation('secrets');
  const secrets = useQuery(secretsQuery);
  const remove = useRemove();
  if (secrets.isPending) return <Loading />;
  if (secrets.isError) return <Notice title={t('list_failed')}>{secrets.error.message}</Notice>;
  return (
    <div className={classes.card}>
      {secrets.data.length === 0 ? (
        <Notice title={t('none')} />
      ) : (
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('name')}</Table.Th>
              <Table.Th>{t('changed')}</Table.Th>
              <Table.Th w={96} aria-label={t('actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {secrets.data.map(({ name, updated_at }) => (
              <Table.Tr key={name}>
                <Table.Td fw={550}>{name}</Table.Td>
                <Table.Td c="var(--text-soft)">{formatMoment(updated_at)}</Table.Td>
                <Table.Td>
                  <Group gap={4} wrap="nowrap" justify="flex-end">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('replace', { name })}
                      onClick={() => onReplace(name)}
                    >
                      <IconPencil size={16} />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('remove', { name })}
                      onClick={() => remove(name)}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}

function useRemove() {
  const { t } = useTranslation('secrets');
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (name: SecretName['name']) =>
      data<void>(api.DELETE('/api/secrets/{name}', { params: { path: { name } } })),
    onSettled: () => queries.invalidateQueries(secretsQuery),
    onError: (error) => notifyFailure(t('remove_failed'), error),
  });
  return (name: SecretName['name']) =>
    modals.openConfirmModal({
      title: t('remove', { name }),
      children: <Text size="sm">{t('remove_text')}</Text>,
      labels: { confirm: t('remove_confirm'), cancel: t('cancel', { ns: 'app' }) },
      confirmProps: { color: 'red.9' },
      closeButtonProps: { 'aria-label': t('close', { ns: 'app' }) },
      onConfirm: () => remove.mutate(name),
    });
}
