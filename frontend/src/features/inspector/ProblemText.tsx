import { Text } from '@mantine/core';
import type { Problem } from '../../api/types';

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

/** What is wrong, beside the place where it is mended; what only may be wrong is said less loudly. */
export function ProblemText({ problem, mt }: { problem: Problem; mt?: number }) {
  return (
    <Text
      size="xs"
      c={isError(problem) ? 'var(--bad)' : 'var(--warn)'}
      mt={mt}
      role={isError(problem) ? 'alert' : undefined}
      data-severity={problem.severity}
    >
      {problem.message.replace(/^Node '[^']*': /, '')}
      {problem.hint && (
        <Text span size="xs" c="var(--text-soft)" display="block">
          {problem.hint}
        </Text>
      )}
    </Text>
  );
}
