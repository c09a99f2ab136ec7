import { Button, Group, Modal, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../../../api/client';
import type { SecretName } from '../../../api/types';
import { notifyFailure } from '../../../ui/notify';
import type { EditorProps } from './Editor';

const KEY = ['secrets'];
const LONGEST_NAME = 100;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** The name of a secret of the workspace; what the secret is goes to the server and never comes back. */
export function SecretEditor({ value, onChange, disabled, labelId, parameter }: EditorProps) {
  const { t } = useTranslation('inspector');
  const [opened, { open, close }] = useDisclosure(false);
  const secrets = useQuery({ queryKey: KEY, queryFn: () => data<SecretName[]>(api.GET('/api/secrets')) });
  const chosen = typeof value === 'string' && value !== '' ? value : null;
  const names = (secrets.data ?? []).map(({ name }) => name);
  const known = chosen === null || names.includes(chosen) ? names : [...names, chosen];
  return (
    <Group gap="xs" wrap="nowrap" aria-labelledby={labelId} role="group">
      <Select
        size="sm"
        flex={1}
        aria-labelledby={labelId}
        placeholder={t('choose_secret')}
        nothingFoundMessage={t('no_secrets')}
        data={known}
        value={chosen}
        disabled={disabled}
        clearable={parameter.nullable}
        error={secrets.isSuccess && chosen !== null && !names.includes(chosen) && t('secret_unknown')}
        onChange={(next) => onChange(next ?? (parameter.nullable ? null : ''))}
      />
      <Button
        size="xs"
        variant="default"
        disabled={disabled}
        leftSection={<IconKey size={14} />}
        onClick={open}
      >
        {t('set_secret')}
      </Button>
      <Modal
        closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
        opened={opened}
        onClose={close}
        title={t('set_secret')}
      >
        <SecretForm
          suggestion={chosen ?? ''}
          onSet={(name) => {
            onChange(name);
            close();
          }}
        />
      </Modal>
    </Group>
  );
}

function SecretForm({ suggestion, onSet }: { suggestion: string; onSet: (name: string) => void }) {
  const { t } = useTranslation('inspector');
  const queries = useQueryClient();
  const [name, setName] = useState(suggestion);
  const [value, setValue] = useState('');
  const set = useMutation({
    mutationFn: () => data<SecretName>(api.POST('/api/secrets', { body: { name, value } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: KEY });
      onSet(name);
    },
    onError: (error) => notifyFailure(t('set_secret'), error),
  });
  const usable = NAME.test(name) && value !== '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (usable) set.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="var(--text-soft)">
          {t('secret_text')}
        </Text>
        <TextInput
          label={t('secret_name')}
          required
          maxLength={LONGEST_NAME}
          value={name}
          error={name !== '' && !NAME.test(name) && t('secret_name_wrong')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('secret_value')}
          required
          autoComplete="off"
          value={value}
          visibilityToggleButtonProps={{ 'aria-label': t('show_secret') }}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!usable} loading={set.isPending}>
          {t('keep_secret')}
        </Button>
      </Stack>
    </form>
  );
}
