import { Badge, Button, FileButton, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconFileImport, IconPlus, IconSitemap } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, data } from '../../api/client';
import { draftsQuery, samplesQuery } from '../../api/queries';
import type { Draft } from '../../api/types';
import { Loading } from '../../ui/Notice';
import { notifyFailure } from '../../ui/notify';
import { DraftTable } from './DraftTable';
import classes from './HomePage.module.css';

export function HomePage() {
  const { t } = useTranslation('home');
  const samples = useQuery(samplesQuery);
  const drafts = useQuery(draftsQuery);
  const open = useOpenDraft();

  const create = () => open.mutate(() => data<Draft>(api.POST('/api/drafts', { body: {} })));
  const openSample = (id: string) =>
    open.mutate(() =>
      data<Draft>(api.POST('/api/samples/{sample_id}/open', { params: { path: { sample_id: id } } })),
    );
  const importFile = async (file: File | null) => {
    if (!file) return;
    const document = await file.text();
    open.mutate(() => data<Draft>(api.POST('/api/drafts', { body: { document } })));
  };

  return (
    <div className={classes.page}>
      <Group justify="space-between" mb="md">
        <Title order={1} size="h3">
          {t('samples')}
        </Title>
        <FileButton onChange={importFile} accept=".yaml,.yml,.json">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconFileImport size={16} />}>
              {t('import')}
            </Button>
          )}
        </FileButton>
      </Group>
      <div className={classes.cards}>
        <UnstyledButton className={classes.card} onClick={create} data-testid="new-pipeline">
          <IconPlus size={22} className={classes.cardIcon} />
          <Text fw={600}>{t('new')}</Text>
          <Text size="sm" c="var(--text-soft)">
            {t('new_text')}
          </Text>
        </UnstyledButton>
        {samples.data?.map((sample) => (
          <UnstyledButton
            key={sample.id}
            className={classes.card}
            onClick={() => openSample(sample.id)}
            data-testid={`sample-${sample.id}`}
          >
            <Group justify="space-between">
              <IconSitemap size={22} className={classes.cardIcon} />
              {Object.values(sample.tags).map((tag) => (
                <Badge key={tag} variant="light" size="sm" tt="none">
                  {tag}
                </Badge>
              ))}
            </Group>
            <Text fw={600}>{sample.title}</Text>
            <Text size="sm" c="var(--text-soft)" lineClamp={3}>
              {sample.description}
            </Text>
          </UnstyledButton>
        ))}
      </div>
      <Stack mt={40} gap="md">
        <Title order={2} size="h4">
          {t('drafts')}
        </Title>
        {drafts.isPending ? <Loading /> : <DraftTable drafts={drafts.data ?? []} />}
      </Stack>
    </div>
  );
}

/** Make a draft and go to it. */
function useOpenDraft() {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (make: () => Promise<Draft>) => make(),
    onSuccess: (draft) => {
      void queries.invalidateQueries({ queryKey: draftsQuery.queryKey, exact: true });
      void navigate(`/drafts/${draft.id}`);
    },
    onError: (error) => notifyFailure(t('import_failed'), error),
  });
}
