import {
  ActionIcon,
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { modals } from '@mantine/modals';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../api/client';
import type { NewToken, Token } from '../../api/types';
import { formatMoment } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { notifyFailure } from '../../ui/notify';
import classes from './Page.module.css';

const KEY = ['tokens'];
const LONGEST_NAME = 100;

/** Tokens that let programs call the API. */
export function TokensPage() {
  const { t } = useTranslation('assets');
  const [made, setMade] = useState<NewToken | null>(null);
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        {t('tokens')}
      </Title>
      <Text size="sm" c="var(--text-soft)" mb="md">
        {t('tokens_text')}
      </Text>
      <NewTokenForm onMade={setMade} />
      {made && <Secret token={made} />}
      <List onRevoked={(id) => made?.id === id && setMade(null)} />
    </div>
  );
}

function NewTokenForm({ onMade }: { onMade: (token: NewToken) => void }) {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => data<NewToken>(api.POST('/api/tokens', { body: { name: name.trim() } })),
    onSuccess: (token) => {
      setName('');
      onMade(token);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
    onError: (error) => notifyFailure(t('make_token'), error),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) make.mutate();
      }}
    >
      <Group align="flex-end" mb="md">
        <TextInput
          label={t('token_name')}
          required
          maxLength={LONGEST_NAME}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={make.isPending}>
          {t('make_token')}
        </Button>
      </Group>
    </form>
  );
}

function Secret({ token: { name, secret } }: { token: NewToken }) {
  const { t } = useTranslation('assets');
  return (
    <Alert mb="md" title={name}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t('secret_text')}</Text>
        <Code data-testid="token-secret">{secret}</Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="light" onClick={copy}>
              {t(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
      </Stack>
    </Alert>
  );
}

function List({ onRevoked }: { onRevoked: (id: Token['id']) => void }) {
  const { t } = useTranslation('assets');
  const tokens = useQuery({ queryKey: KEY, queryFn: () => data<Token[]>(api.GET('/api/tokens')) });
  const revoke = useRevoke(onRevoked);
  if (tokens.isPending) return <Loading />;
  if (tokens.isError) return <Notice title={t('tokens_failed')}>{tokens.error.message}</Notice>;
  return (
    <div className={classes.card}>
      {tokens.data.length === 0 ? (
        <Notice title={t('no_tokens')} />
      ) : (
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('name')}</Table.Th>
              <Table.Th>{t('created')}</Table.Th>
              <Table.Th>{t('last_used')}</Table.Th>
              <Table.Th w={48} aria-label={t('revoke_confirm')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {tokens.data.map((token) => (
              <Table.Tr key={token.id}>
                <Table.Td fw={550}>{token.name}</Table.Td>
                <Table.Td c="var(--text-soft)">{formatMoment(token.created_at)}</Table.Td>
                <Table.Td c="var(--text-soft)">
                  {token.last_used_at ? formatMoment(token.last_used_at) : t('never')}
                </Table.Td>
                <Table.Td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t('revoke', { name: token.name })}
                    onClick={() => revoke(token)}
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
  );
}

function useRevoke(onRevoked: (id: Token['id']) => void) {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: Token['id']) =>
      data<void>(api.DELETE('/api/tokens/{token_id}', { params: { path: { token_id: id } } })),
    onSuccess: (_, id) => onRevoked(id),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
    onError: (error) => notifyFailure(t('revoke_failed'), error),
  });
  return ({ id, name }: Token) =>
    modals.openConfirmModal({
      title: t('revoke', { name }),
      children: <Text size="sm">{t('revoke_text')}</Text>,
      labels: { confirm: t('revoke_confirm'), cancel: t('cancel', { ns: 'app' }) },
      confirmProps: { color: 'red.9' },
      closeButtonProps: { 'aria-label': t('close', { ns: 'app' }) },
      onConfirm: () => revoke.mutate(id),
    });
}
