import { Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sendFile } from '../../../api/upload';
import { notifyFailure } from '../../../ui/notify';
import type { EditorProps } from './Editor';

interface Upload {
  id: string;
  name: string;
}

/** A file of the person's machine; the value is the id under which the server keeps it. */
export function PathEditor({ value, onChange, disabled, labelId }: EditorProps) {
  const { t } = useTranslation('inspector');
  const [share, setShare] = useState(0);
  const upload = useMutation({
    mutationFn: (file: File) => {
      setShare(0);
      return sendFile<Upload>('/api/uploads', file, setShare);
    },
    onSuccess: ({ id }) => onChange(id),
    onError: (error) => notifyFailure(t('upload'), error),
  });
  return (
    <Stack gap={6} aria-labelledby={labelId} role="group">
      <Group gap="sm" wrap="nowrap">
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
        <Text size="xs" c="var(--text-soft)" truncate maw={180}>
          {upload.data?.name ?? (typeof value === 'string' ? value : '')}
        </Text>
      </Group>
      {upload.isPending && <Progress value={share * 100} size="sm" animated aria-label={t('uploading')} />}
    </Stack>
  );
}
