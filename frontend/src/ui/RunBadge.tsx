import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const LOOKS: Record<string, [color: string, text: string]> = {
  completed: ['green', 'var(--good)'],
  reused: ['teal', 'var(--good)'],
  failed: ['red', 'var(--bad)'],
  running: ['blue', 'var(--busy)'],
};
const QUIET: [string, string] = ['gray', 'var(--text-soft)'];

/** The status of a run or a node, in words and colour. */
export function RunBadge({ status }: { status: string }) {
  const { t } = useTranslation('runs');
  const [color, text] = LOOKS[status] ?? QUIET;
  return (
    <Badge variant="light" color={color} tt="none" styles={{ label: { color: text } }}>
      {t(status === 'running' ? 'status_running' : status)}
    </Badge>
  );
}
