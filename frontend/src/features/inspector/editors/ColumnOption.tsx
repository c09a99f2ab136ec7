import { Group, Text } from '@mantine/core';
import type { Column } from '../../../api/types';

/** A column in a list: its name and type; one that is not there has no type. */
export function ColumnOption({ name, column }: { name: string; column: Column | undefined }) {
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs" style={{ flex: 1, minWidth: 0 }}>
      <Text size="sm" truncate>
        {name}
      </Text>
      <Text size="xs" c="var(--text-soft)" aria-hidden>
        {column?.dtype}
      </Text>
    </Group>
  );
}
