import { Text } from '@mantine/core';
import type { Problem } from '../../api/types';
import { useSaying } from '../../editor/useSaying';

export function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

interface Props {
  problem: Problem;
  /** What stands beside it anyway, and needs no repetition. */
  help?: string;
  mt?: number;
}

/** What is wrong, beside the place where it is mended; what only may be wrong is said less loudly. */
export function ProblemText({ problem, help, mt }: Props) {
  const { message, hint } = useSaying().problem(problem);
  return (
    <Text
      size="xs"
      c={isError(problem) ? 'var(--bad)' : 'var(--warn)'}
      mt={mt}
      role={isError(problem) ? 'alert' : undefined}
      data-severity={problem.severity}
    >
      {message}
      {hint && hint !== help && (
        <Text span size="xs" c="var(--text-soft)" display="block">
          {hint}
        </Text>
      )}
    </Text>
  );
}
