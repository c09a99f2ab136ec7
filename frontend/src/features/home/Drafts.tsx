import { Alert, Group, Skeleton, Stack, TextInput, Title } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { draftsQuery } from '../../api/queries';
import { Notice } from '../../ui/Notice';
import { DraftTable } from './DraftTable';
import classes from './HomePage.module.css';

/** From so many pipelines on a list is searched rather than read. */
const SEARCHED_FROM = 8;

export function Drafts() {
  const { t } = useTranslation('home');
  const drafts = useQuery(draftsQuery);
  const [text, setText] = useState('');
  const all = drafts.data ?? [];
  const found = all.filter((draft) => draft.name.toLowerCase().includes(text.toLowerCase()));
  return (
    <Stack mt={32} gap="md">
      <Group justify="space-between" mih={36}>
        <Title order={2} size="h4">
          {t('drafts')}
        </Title>
        {all.length >= SEARCHED_FROM && (
          <TextInput
            size="sm"
            w={260}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            placeholder={t('search')}
            aria-label={t('search')}
            leftSection={<IconSearch size={15} />}
          />
        )}
      </Group>
      {drafts.isPending && <Skeleton height={180} />}
      {drafts.isError && (
        <Alert color="red" title={t('drafts_failed')}>
          {drafts.error.message}
        </Alert>
      )}
      {drafts.isSuccess && found.length > 0 && <DraftTable drafts={found} />}
      {drafts.isSuccess && found.length === 0 && (
        <div className={classes.table}>
          {text ? (
            <Notice title={t('no_match', { text })} />
          ) : (
            <Notice title={t('no_drafts')}>{t('no_drafts_text')}</Notice>
          )}
        </div>
      )}
    </Stack>
  );
}
