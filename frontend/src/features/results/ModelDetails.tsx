import { Badge, Group, Stack, Text } from '@mantine/core';
import classes from './Results.module.css';

/** What a learner, model or transformation says of itself. */
export function ModelDetails({ meta }: { meta: Record<string, unknown> }) {
  return (
    <Stack gap="sm" p="md" className={classes.panel} data-testid="model-details">
      {Object.entries(meta).map(([name, value]) => (
        <div key={name}>
          <Text size="xs" c="var(--text-soft)">
            {name.replaceAll('_', ' ')}
          </Text>
          <Value value={value} />
        </div>
      ))}
    </Stack>
  );
}

function Value({ value }: { value: unknown }) {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) {
    return (
      <Group gap={4}>
        {value.map((item) => (
          <Badge key={String(item)} variant="light" color="gray" tt="none">
            {String(item)}
          </Badge>
        ))}
      </Group>
    );
  }
  const text =
    typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : String(value ?? '–');
  return (
    <Text
      size="sm"
      ff={typeof value === 'object' ? 'monospace' : undefined}
      style={{ whiteSpace: 'pre-wrap' }}
    >
      {text}
    </Text>
  );
}
