import { Button, Menu } from '@mantine/core';
import { IconBrandPython, IconDownload, IconFileText, IconNotebook } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client';
import { downloadFile } from '../api/download';
import type { Problem } from '../api/types';
import { useSayingAsWritten } from '../editor/useSaying';
import type { Said } from '../pipeline/saying';
import { notifyFailure } from '../ui/notify';

const ITEMS = [
  { key: 'export_python', query: 'export?to=python', Icon: IconBrandPython },
  { key: 'export_notebook', query: 'export?to=notebook', Icon: IconNotebook },
  { key: 'export_yaml', query: 'document?format=yaml', Icon: IconFileText },
  { key: 'export_json', query: 'document?format=json', Icon: IconFileText },
] as const;

interface Props {
  /** What is taken away: the path of a draft or of a run in the API. */
  path: string;
  /** A run is taken away as a program only: its document is that of the draft. */
  programsOnly?: boolean;
  before?: () => Promise<unknown>;
}

/** A pipeline to take away: as plain Python, or as the document itself. */
export function ExportMenu({ path, programsOnly = false, before }: Props) {
  const { t } = useTranslation('draft');
  const say = useSayingAsWritten();
  const exporting = useMutation({
    mutationFn: async (query: string) => {
      await before?.();
      await downloadFile(`/api/${path}/${query}`);
    },
    onError: (error) => notifyFailure(t('export_failed'), firstProblem(error, say)),
  });
  const items = ITEMS.filter(({ query }) => !programsOnly || query.startsWith('export'));
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} />}
          loading={exporting.isPending}
          data-testid="export-menu"
        >
          {t('export')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map(({ key, query, Icon }) => (
          <Menu.Item key={key} leftSection={<Icon size={14} />} onClick={() => exporting.mutate(query)}>
            {t(key)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Of many problems the first says more than all of them in one line. */
function firstProblem(error: Error, say: (problem: Problem) => Said): Error {
  const first = error instanceof ApiError ? error.problems[0] : undefined;
  if (!first) return error;
  const { message, hint } = say(first);
  return new Error(hint ? `${message}. ${hint}` : message);
}
