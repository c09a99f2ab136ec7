import { Center, Loader, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
}

/** An empty or failed place: what it is, and what to do. */
export function Notice({ icon, title, children }: Props) {
  return (
    <Center h="100%" p="xl">
      <Stack align="center" gap="xs" maw={420} ta="center" c="var(--text-soft)">
        {icon}
        <Title order={2} size="h4" c="var(--text)">
          {title}
        </Title>
        {typeof children === 'string' ? <Text size="sm">{children}</Text> : children}
      </Stack>
    </Center>
  );
}

export function Loading() {
  const { t } = useTranslation('app');
  return (
    <Center h="100%" p="xl">
      <Loader size="sm" aria-label={t('loading')} />
    </Center>
  );
}
