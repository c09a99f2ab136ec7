import {
  ActionIcon,
  Anchor,
  Button,
  FileButton,
  Group,
  Progress,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconTrash, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import { datasetsQuery } from '../../api/queries';
import type { Dataset } from '../../api/types';
import { formatBytes, formatCount, formatMoment } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { notifyFailure } from '../../ui/notify';
import { DatasetPreview } from './DatasetPreview';
import classes from './Page.module.css';
import { useFileDrop } from './useFileDrop';
import { type Uploads, useUploads } from './useUploads';

interface Props {
  /** Draws the rows of a stored table. */
  renderTable: (digest: string) => ReactNode;
}

/** Datasets of the workspace: bring some, look into one, take one out. */
export function DatasetsPage({ renderTable }: Props) {
  const { t } = useTranslation('assets');
  const uploads = useUploads();
  const isOver = useFileDrop(uploads.start);
  const [opened, setOpened] = useState<Dataset | null>(null);
  return (
    <div className={classes.page} data-over={isOver || undefined}>
      <Group justify="space-between" mb="md">
        <div>
          <Title order={1} size="h3">
            {t('datasets')}
          </Title>
          <Text size="sm" c="var(--text-soft)">
            {t(isOver ? 'drop' : 'upload_text')}
          </Text>
        </div>
        <FileButton multiple onChange={uploads.start}>
          {(props) => (
            <Button {...props} leftSection={<IconUpload size={16} />} loading={uploads.current !== null}>
              {t('upload')}
            </Button>
          )}
        </FileButton>
      </Group>
      <UploadProgress uploads={uploads} />
      <List onOpen={setOpened} />
      {opened && (
        <DatasetPreview dataset={opened} onClose={() => setOpened(null)}>
          {renderTable(opened.digest)}
        </DatasetPreview>
      )}
    </div>
  );
}

function UploadProgress({ uploads: { current, stop } }: { uploads: Uploads }) {
  const { t } = useTranslation('assets');
  if (!current) return null;
  const { name, share } = current;
  // The server still reads a file when all of it has arrived.
  const text = t(share < 1 ? 'uploading' : 'reading', { name });
  return (
    <Stack gap={4} mb="md" data-testid="upload-progress">
      <Group justify="space-between">
        <Text size="sm" role="status">
          {text}
        </Text>
        <Button size="compact-xs" variant="default" onClick={stop}>
          {t('stop_upload')}
        </Button>
      </Group>
      <Progress value={share * 100} animated aria-label={text} />
    </Stack>
  );
}

function List({ onOpen }: { onOpen: (dataset: Dataset) => void }) {
  const { t } = useTranslation('assets');
  const datasets = useQuery(datasetsQuery);
  const remove = useRemove();
  if (datasets.isPending) return <Loading />;
  if (datasets.isError) {
    return (
      <Notice title={t('list_failed')}>
        <Text size="sm">{datasets.error.message}</Text>
        <Button size="xs" variant="default" onClick={() => void datasets.refetch()}>
          {t('try_again', { ns: 'app' })}
        </Button>
      </Notice>
    );
  }
  if (datasets.data.length === 0) {
    return (
      <div className={classes.card}>
        <Notice title={t('none')}>{t('upload_text')}</Notice>
      </div>
    );
  }
  return (
    <div className={classes.card}>
      <Table verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('name')}</Table.Th>
            <Table.Th ta="right">{t('rows')}</Table.Th>
            <Table.Th ta="right">{t('columns')}</Table.Th>
            <Table.Th ta="right">{t('size')}</Table.Th>
            <Table.Th>{t('licence')}</Table.Th>
            <Table.Th>{t('created')}</Table.Th>
            <Table.Th w={48} aria-label={t('delete_confirm')} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {datasets.data.map((dataset) => (
            <Row key={dataset.name} dataset={dataset} onOpen={onOpen} onRemove={remove} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface RowProps {
  dataset: Dataset;
  onOpen: (dataset: Dataset) => void;
  onRemove: (name: string) => void;
}

function Row({ dataset, onOpen, onRemove }: RowProps) {
  const { t } = useTranslation('assets');
  return (
    <Table.Tr data-testid={`dataset-${dataset.name}`}>
      <Table.Td>
        <Anchor
          component="button"
          type="button"
          size="sm"
          fw={550}
          c="var(--text)"
          ta="left"
          title={t('preview', { name: dataset.title })}
          onClick={() => onOpen(dataset)}
        >
          {dataset.title}
        </Anchor>
        <Text size="xs" c="var(--text-soft)" ff="monospace">
          {dataset.name}@{dataset.version}
        </Text>
      </Table.Td>
      <Table.Td ta="right">{formatCount(dataset.rows)}</Table.Td>
      <Table.Td ta="right">{formatCount(dataset.columns.length)}</Table.Td>
      <Table.Td ta="right">{formatBytes(dataset.size_bytes)}</Table.Td>
      <Table.Td>{dataset.licence || '–'}</Table.Td>
      <Table.Td c="var(--text-soft)">{formatMoment(dataset.created_at)}</Table.Td>
      <Table.Td>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('delete', { name: dataset.title })}
          onClick={() => onRemove(dataset.name)}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

function useRemove() {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (name: string) =>
      data<void>(api.DELETE('/api/datasets/{name}', { params: { path: { name } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: datasetsQuery.queryKey }),
    onError: (error) => notifyFailure(t('delete_failed'), error),
  });
  return (name: string) =>
    modals.openConfirmModal({
      title: t('delete_title'),
      children: <Text size="sm">{t('delete_text', { name })}</Text>,
      labels: { confirm: t('delete_confirm'), cancel: t('cancel', { ns: 'app' }) },
      confirmProps: { color: 'red.9' },
      closeButtonProps: { 'aria-label': t('close', { ns: 'app' }) },
      onConfirm: () => remove.mutate(name),
    });
}
