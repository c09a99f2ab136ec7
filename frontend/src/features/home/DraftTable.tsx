import { ActionIcon, Anchor, Table, Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, data } from '../../api/client';
import { draftsQuery } from '../../api/queries';
import type { DraftSummary } from '../../api/types';
import { formatMoment } from '../../ui/format';
import { notifyFailure } from '../../ui/notify';
import { RunBadge } from '../../ui/RunBadge';
import classes from './HomePage.module.css';

export function DraftTable({ drafts }: { drafts: DraftSummary[] }) {
  const { t } = useTranslation('home');
  const remove = useDelete();
  const ask = (draft: DraftSummary) =>
    modals.openConfirmModal({
      title: t('delete_title'),
      children: <Text size="sm">{t('delete_text', { name: draft.name })}</Text>,
      labels: { confirm: t('delete_confirm'), cancel: t('cancel', { ns: 'app' }) },
      confirmProps: { color: 'red' },
      onConfirm: () => remove.mutate(draft.id),
    });
  return (
    <div className={classes.table}>
      <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('name')}</Table.Th>
            <Table.Th>{t('last_run')}</Table.Th>
            <Table.Th>{t('changed')}</Table.Th>
            <Table.Th w={48} aria-label={t('actions')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {drafts.map((draft) => (
            <Table.Tr key={draft.id}>
              <Table.Td>
                <Anchor component={Link} to={`/drafts/${draft.id}`} size="sm" fw={550} c="var(--text)">
                  {draft.name || t('untitled')}
                </Anchor>
              </Table.Td>
              <Table.Td>
                {draft.last_run ? (
                  <RunBadge status={draft.last_run.status} />
                ) : (
                  <Text size="sm" c="var(--text-soft)">
                    {t('never_run')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="var(--text-soft)">
                  {formatMoment(draft.updated_at)}
                </Text>
              </Table.Td>
              <Table.Td>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('delete', { name: draft.name })}
                  onClick={() => ask(draft)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function useDelete() {
  const { t } = useTranslation('home');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      data<void>(api.DELETE('/api/drafts/{draft_id}', { params: { path: { draft_id: id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: draftsQuery.queryKey, exact: true }),
    onError: (error) => notifyFailure(t('delete_failed'), error),
  });
}
