import { ActionIcon, Button, FileButton, Group, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, csrfToken, data } from '../../api/client';
import { datasetsQuery } from '../../api/queries';
import { formatBytes, formatCount } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { notifyFailure } from '../../ui/notify';
import classes from './Page.module.css';

/** Datasets of the workspace: bring one, take one out. */
export function DatasetsPage() {
  const { t } = useTranslation('assets');
  const datasets = useQuery(datasetsQuery);
  const { upload, name, share } = useUpload();
  const remove = useRemove();
  return (
    <div className={classes.page}>
      <Group justify="space-between" mb="md">
        <div>
          <Title order={1} size="h3">
            {t('datasets')}
          </Title>
          <Text size="sm" c="var(--text-soft)">
            {t('upload_text')}
          </Text>
        </div>
        <FileButton onChange={(file) => file && upload.mutate(file)}>
          {(props) => (
            <Button {...props} leftSection={<IconUpload size={16} />} loading={upload.isPending}>
              {t('upload')}
            </Button>
          )}
        </FileButton>
      </Group>
      {upload.isPending && (
        <Stack gap={4} mb="md">
          <Text size="sm">{t('uploading', { name })}</Text>
          <Progress value={share * 100} animated aria-label={t('uploading', { name })} />
        </Stack>
      )}
      {datasets.isPending ? (
        <Loading />
      ) : (
        <div className={classes.card}>
          {datasets.data?.length === 0 ? (
            <Notice title={t('none')}>{t('upload_text')}</Notice>
          ) : (
            <Table verticalSpacing="sm" horizontalSpacing="md">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('name')}</Table.Th>
                  <Table.Th ta="right">{t('rows')}</Table.Th>
                  <Table.Th ta="right">{t('columns')}</Table.Th>
                  <Table.Th ta="right">{t('size')}</Table.Th>
                  <Table.Th>{t('licence')}</Table.Th>
                  <Table.Th w={48} aria-label={t('delete_confirm')} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {datasets.data?.map((dataset) => (
                  <Table.Tr key={dataset.name}>
                    <Table.Td>
                      <Text size="sm" fw={550}>
                        {dataset.title}
                      </Text>
                      <Text size="xs" c="var(--text-soft)" ff="monospace">
                        {dataset.name}@{dataset.version}
                      </Text>
                    </Table.Td>
                    <Table.Td ta="right">{formatCount(dataset.rows)}</Table.Td>
                    <Table.Td ta="right">{formatCount(dataset.columns.length)}</Table.Td>
                    <Table.Td ta="right">{formatBytes(dataset.size_bytes)}</Table.Td>
                    <Table.Td>{dataset.licence || '–'}</Table.Td>
                    <Table.Td>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={t('delete', { name: dataset.title })}
                        onClick={() => remove(dataset.name)}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </div>
      )}
    </div>
  );
}

function useUpload() {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [share, setShare] = useState(0);
  const upload = useMutation({
    mutationFn: (file: File) => {
      setName(file.name);
      setShare(0);
      return sendFile('/api/datasets', file, setShare);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: datasetsQuery.queryKey }),
    onError: (error, file) => notifyFailure(t('upload_failed', { name: file.name }), error),
  });
  return { upload, name, share };
}

/** Send a file and tell how much has gone; `fetch` cannot tell. */
function sendFile(url: string, file: File, onProgress: (share: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onerror = () => reject(new Error('The connection was lost'));
    request.onload = () => {
      if (request.status < 300) return resolve();
      const answer = JSON.parse(request.responseText || '{}');
      reject(new ApiError(request.status, answer.code, answer.message, [], null, answer.hint ?? null));
    };
    request.open('POST', url);
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.send(body);
  });
}

function useRemove() {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (name: string) =>
      data<void>(api.DELETE('/api/datasets/{name}', { params: { path: { name } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: datasetsQuery.queryKey }),
    onError: (error) => notifyFailure(t('delete_title'), error),
  });
  return (name: string) =>
    modals.openConfirmModal({
      title: t('delete_title'),
      children: <Text size="sm">{t('delete_text', { name })}</Text>,
      labels: { confirm: t('delete_confirm'), cancel: t('cancel', { ns: 'app' }) },
      confirmProps: { color: 'red' },
      onConfirm: () => remove.mutate(name),
    });
}
