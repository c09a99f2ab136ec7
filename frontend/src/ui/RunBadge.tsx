import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const COLORS: Record<string, string> = {
  completed: 'green',
  reused: 'teal',
  failed: 'red',
  running: 'blue',
  queued: 'gray',
  waiting: 'gray',
  skipped: 'gray',
  cancelled: 'gray',
};

/** The status of a run or a node, in words and colour. */
export function RunBadge({ status }: { status: string }) {
  const { t } = useTranslation('runs');
  return (
    <Badge variant="light" color={COLORS[status] ?? 'gray'} tt="none" autoContrast>
      {t(status === 'running' ? 'status_running' : status)}
    </Badge>
  );
}
