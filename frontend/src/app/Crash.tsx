import { Button, Code } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';
import { Notice } from '../ui/Notice';

/** What stands in place of a page that has thrown. */
export function Crash() {
  const { t } = useTranslation('app');
  const error = useRouteError();
  return (
    <Notice title={t('crash_title')}>
      {t('crash_text')}
      <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
    </Notice>
  );
}
