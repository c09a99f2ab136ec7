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

/** Tokens that let programs call the API. */
export function TokensPage() {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const tokens = useQuery({ queryKey: KEY, queryFn: () => data<Token[]>(api.GET('/api/tokens')) });
  const refresh = () => queries.invalidateQueries({ queryKey: KEY });
  const make = useMutation({
    mutationFn: () => data<NewToken>(api.POST('/api/tokens', { body: { name } })),
    onSuccess: () => setName(''),
    onSettled: refresh,
    onError: (error) => notifyFailure(t('make_token'), error),
  });
  const revoke = useMutation({
    mutationFn: (id: number) =>
      data<void>(api.DELETE('/api/tokens/{token_id}', { params: { path: { token_id: id } } })),
    onSettled: refresh,
  });
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        {t('tokens')}
      </Title>
      <Text size="sm" c="var(--text-soft)" mb="md">
        {t('tokens_text')}
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Group align="flex-end" mb="md">
          <TextInput
            label={t('token_name')}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={make.isPending}>
            {t('make_token')}
          </Button>
        </Group>
      </form>
      {make.data && (
        <Alert mb="md" title={make.data.name}>
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{t('secret_text')}</Text>
            <Code data-testid="token-secret">{make.data.secret}</Code>
            <CopyButton value={make.data.secret}>
              {({ copied, copy }) => (
                <Button size="compact-sm" variant="light" onClick={copy}>
                  {t(copied ? 'copied' : 'copy')}
                </Button>
              )}
            </CopyButton>
          </Stack>
        </Alert>
      )}
      {tokens.isPending ? (
        <Loading />
      ) : (
        <div className={classes.card}>
          {tokens.data?.length === 0 && <Notice title={t('no_tokens')} />}
          <Table verticalSpacing="sm" horizontalSpacing="md">
            <Table.Tbody>
              {tokens.data?.map((token) => (
                <Table.Tr key={token.id}>
                  <Table.Td fw={550}>{token.name}</Table.Td>
                  <Table.Td c="var(--text-soft)">
                    {t('created')}: {formatMoment(token.created_at)}
                  </Table.Td>
                  <Table.Td c="var(--text-soft)">
                    {t('last_used')}: {token.last_used_at ? formatMoment(token.last_used_at) : t('never')}
                  </Table.Td>
                  <Table.Td w={48}>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('revoke', { name: token.name })}
                      onClick={() => revoke.mutate(token.id)}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
    </div>
  );
}
