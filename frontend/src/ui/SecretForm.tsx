import { ActionIcon, Button, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../api/client';
import { secretsQuery } from '../api/queries';
import type { SecretName } from '../api/types';
import { notifyFailure } from './notify';
import classes from './SecretForm.module.css';

const LONGEST_NAME = 100;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

interface Props {
  /** The name to begin with. */
  suggestion?: string;
  /** What the secret is to hold. */
  help?: string;
  onSet: (name: string) => void;
}

/** Sets a secret of the workspace; what it is goes to the server and never comes back. */
export function SecretForm({ suggestion = '', help, onSet }: Props) {
  const { t } = useTranslation('secrets');
  const queries = useQueryClient();
  const [name, setName] = useState(suggestion);
  const [value, setValue] = useState('');
  const set = useMutation({
    mutationFn: () => data<SecretName>(api.POST('/api/secrets', { body: { name, value } })),
    onSuccess: async () => {
      await queries.invalidateQueries(secretsQuery);
      onSet(name);
    },
    onError: (error) => notifyFailure(t('set'), error),
  });
  const usable = NAME.test(name) && value.trim() !== '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (usable) set.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="var(--text-soft)">
          {t('form_text')}
        </Text>
        <TextInput
          label={t('name')}
          required
          data-autofocus={suggestion === '' || undefined}
          maxLength={LONGEST_NAME}
          value={name}
          error={name !== '' && !NAME.test(name) && t('name_wrong')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ValueInput value={value} onChange={setValue} help={help} isFirst={suggestion !== ''} />
        <Button type="submit" disabled={!usable} loading={set.isPending}>
          {t('keep')}
        </Button>
      </Stack>
    </form>
  );
}

interface ValueProps {
  value: string;
  onChange: (value: string) => void;
  help?: string;
  isFirst: boolean;
}

/** What a secret is, behind dots; some have several lines, which the browser's field for passwords cannot hold. */
function ValueInput({ value, onChange, help, isFirst }: ValueProps) {
  const { t } = useTranslation('secrets');
  const [isShown, setShown] = useState(false);
  return (
    <Textarea
      label={t('value')}
      description={help}
      required
      autosize
      minRows={2}
      maxRows={8}
      data-autofocus={isFirst || undefined}
      autoComplete="off"
      autoCapitalize="off"
      autoCorrect="off"
      spellCheck={false}
      classNames={{ input: classes.value }}
      data-hidden={!isShown || undefined}
      value={value}
      rightSection={
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('show')}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? <IconEyeOff size={16} /> : <IconEye size={16} />}
        </ActionIcon>
      }
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
