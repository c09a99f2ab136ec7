import { Button, FileButton, Group, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { csrfToken, errorOf } from '../../../api/client';
import { notifyFailure } from '../../../ui/notify';
import type { EditorProps } from './Editor';

interface Upload {
  id: string;
  name: string;
}

/** A file of the person's machine; the value is the id under which the server keeps it. */
export function PathEditor({ value, onChange, disabled, labelId }: EditorProps) {
  const { t } = useTranslation('inspector');
  const upload = useMutation({
    mutationFn: async (file: File): Promise<Upload> => {
      const body = new FormData();
      body.append('file', file);
      const response = await fetch('/api/uploads', {
        method: 'POST',
        body,
        headers: { 'X-CSRFToken': csrfToken() },
      });
      if (!response.ok) throw await errorOf(response);
      return response.json();
    },
    onSuccess: ({ id }) => onChange(id),
    onError: (error) => notifyFailure(t('upload'), error),
  });
  return (
    <Group gap="sm" aria-labelledby={labelId} role="group">
      <FileButton onChange={(file) => file && upload.mutate(file)} disabled={disabled}>
        {(props) => (
          <Button
            {...props}
            size="xs"
            variant="default"
            loading={upload.isPending}
            leftSection={<IconUpload size={14} />}
          >
            {t('upload')}
          </Button>
        )}
      </FileButton>
      <Text size="xs" c="var(--text-soft)" truncate maw={160}>
        {upload.data?.name ?? (typeof value === 'string' ? value : '')}
      </Text>
    </Group>
  );
}
