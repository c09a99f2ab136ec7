import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { createBrowserRouter, Link } from 'react-router';
import { DatasetsPage } from '../features/assets/DatasetsPage';
import { SecretsPage } from '../features/assets/SecretsPage';
import { TokensPage } from '../features/assets/TokensPage';
import { HomePage } from '../features/home/HomePage';
import { ModulePage } from '../features/modules/ModulePage';
import { TableView } from '../features/results/TableView';
import { Notice } from '../ui/Notice';
import { Crash } from './Crash';
import { DraftPage } from './DraftPage';
import { RunPage } from './RunPage';
import { Shell } from './Shell';

function NotFound() {
  const { t } = useTranslation('app');
  return (
    <Notice title={t('not_found')}>
      <Anchor component={Link} to="/">
        {t('to_home')}
      </Anchor>
    </Notice>
  );
}

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <Crash />,
    children: [
      { index: true, element: <HomePage /> },
      { path: 'drafts/:draftId', element: <DraftPage /> },
      { path: 'runs/:runId', element: <RunPage /> },
      { path: 'datasets', element: <DatasetsPage renderTable={(digest) => <TableView digest={digest} />} /> },
      { path: 'modules/:moduleId', element: <ModulePage /> },
      { path: 'secrets', element: <SecretsPage /> },
      { path: 'tokens', element: <TokensPage /> },
      { path: '*', element: <NotFound /> },
    ],
  },
]);
