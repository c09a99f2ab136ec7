import { Button, Group, Modal, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { secretsQuery } from '../../../api/queries';
import { SecretForm } from '../../../ui/SecretForm';
import type { EditorProps } from './Editor';

/** The name of a secret of the workspace; what the secret is goes to the server and never comes back. */
export function SecretEditor({ value, onChange, disabled, labelId, parameter }: EditorProps) {
  const { t } = useTranslation('secrets');
  const [opened, { open, close }] = useDisclosure(false);
  const secrets = useQuery(secretsQuery);
  const chosen = typeof value === 'string' && value !== '' ? value : null;
  const names = (secrets.data ?? []).map(({ name }) => name);
  const known = chosen === null || names.includes(chosen) ? names : [...names, chosen];
  return (
    <Group gap="xs" wrap="nowrap" aria-labelledby={labelId} role="group">
      <Select
        size="sm"
        flex={1}
        aria-labelledby={labelId}
        placeholder={t('choose')}
        nothingFoundMessage={t('none')}
        data={known}
        value={chosen}
        disabled={disabled}
        clearable={parameter.nullable}
        error={secrets.isSuccess && chosen !== null && !names.includes(chosen) && t('unknown')}
        onChange={(next) => onChange(next ?? (parameter.nullable ? null : ''))}
      />
      <Button
        size="xs"
        variant="default"
        disabled={disabled}
        leftSection={<IconKey size={14} />}
        onClick={open}
      >
        {t('set')}
      </Button>
      <Modal
        closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
        opened={opened}
        onClose={close}
        title={t('set')}
      >
        <SecretForm
          suggestion={chosen ?? ''}
          help={parameter.help}
          onSet={(name) => {
            onChange(name);
            close();
          }}
        />
      </Modal>
    </Group>
  );
}
