import { List, Modal, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../../api/client';
import { useSayingAsWritten } from '../../editor/useSaying';

/** All that keeps a document from being read, with the lines. */
export function ImportProblems({ error, onClose }: { error: ApiError; onClose: () => void }) {
  const { t } = useTranslation('home');
  const say = useSayingAsWritten();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('import_failed')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
      size="lg"
    >
      <Text size="sm" mb="sm">
        {t('problems_title')}
      </Text>
      <List size="sm" spacing="xs">
        {error.problems
          .map((problem) => ({ line: problem.line, ...say(problem) }))
          .map(({ line, message, hint }) => (
            <List.Item key={`${line} ${message}`}>
              {line === null ? message : t('line', { line, message })}
              {hint && (
                <Text size="sm" c="var(--text-soft)">
                  {hint}
                </Text>
              )}
            </List.Item>
          ))}
      </List>
    </Modal>
  );
}
