import {
  Alert,
  Badge,
  Button,
  FileButton,
  Group,
  Skeleton,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { IconFileImport, IconPlus, IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/client';
import { type DraftOrigin, useOpenDraft } from '../../api/openDraft';
import { samplesQuery } from '../../api/queries';
import type { Sample } from '../../api/types';
import { notifyFailure } from '../../ui/notify';
import { Drafts } from './Drafts';
import classes from './HomePage.module.css';
import { ImportProblems } from './ImportProblems';

export function HomePage() {
  const { t } = useTranslation('home');
  const open = useOpenDraft((error) => {
    if (!(error instanceof ApiError && error.problems.length > 0)) notifyFailure(t('create_failed'), error);
  });
  const importFile = (file: File | null) => {
    if (file) open.mutate({ kind: 'file', file });
  };
  return (
    <div className={classes.page}>
      <title>{`${t('title')} – Designer`}</title>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            {t('title')}
          </Title>
          <Text c="var(--text-soft)">{t('subtitle')}</Text>
        </div>
        <Group gap="sm">
          <FileButton onChange={importFile} accept=".yaml,.yml,.json,.zip">
            {(props) => (
              <Button
                {...props}
                variant="default"
                leftSection={<IconFileImport size={16} />}
                loading={open.isPending && open.variables.kind === 'file'}
              >
                {t('import')}
              </Button>
            )}
          </FileButton>
          <Button
            leftSection={<IconPlus size={16} />}
            onClick={() => open.mutate({ kind: 'empty' })}
            disabled={open.isPending}
            data-testid="new-pipeline"
          >
            {t('new')}
          </Button>
        </Group>
      </Group>
      <Drafts />
      <Samples onOpen={open.mutate} busy={open.isPending} />
      {open.error instanceof ApiError && open.error.problems.length > 0 && (
        <ImportProblems error={open.error} onClose={open.reset} />
      )}
    </div>
  );
}

function Samples({ onOpen, busy }: { onOpen: (origin: DraftOrigin) => void; busy: boolean }) {
  const { t } = useTranslation('home');
  const samples = useQuery(samplesQuery);
  return (
    <section className={classes.section} aria-labelledby="samples">
      <Title order={2} size="h4" id="samples">
        {t('samples')}
      </Title>
      <Text size="sm" c="var(--text-soft)" mb="md">
        {t('samples_text')}
      </Text>
      {samples.isError && (
        <Alert color="red" title={t('samples_failed')}>
          {samples.error.message}
        </Alert>
      )}
      <div className={classes.cards}>
        {samples.isPending && [1, 2, 3, 4].map((key) => <Skeleton key={key} className={classes.card} />)}
        {samples.data?.map((sample) => (
          <UnstyledButton
            key={sample.id}
            className={classes.card}
            onClick={() => onOpen({ kind: 'sample', id: sample.id })}
            disabled={busy}
            data-testid={`sample-${sample.id}`}
          >
            <SampleFace sample={sample} />
          </UnstyledButton>
        ))}
      </div>
    </section>
  );
}

function SampleFace({ sample }: { sample: Sample }) {
  return (
    <>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <IconSitemap size={20} className={classes.cardIcon} aria-hidden />
        <Text fw={600} lh={1.3}>
          {sample.title}
        </Text>
      </Group>
      <Text size="sm" c="var(--text-soft)" lineClamp={3}>
        {sample.description}
      </Text>
      <Group gap={6} mt="auto">
        {Object.values(sample.tags).map((tag) => (
          <Badge key={tag} variant="light" size="sm" tt="none">
            {tag}
          </Badge>
        ))}
      </Group>
    </>
  );
}
