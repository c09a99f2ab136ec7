import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

const FORMATS = {
  csv: 'CSV',
  tsv: 'TSV',
  parquet: 'Parquet',
  arrow: 'Arrow',
  jsonl: 'JSON lines',
  xlsx: 'Excel',
} as const;

/** The whole table as a file. */
export function DownloadMenu({ digest }: { digest: string }) {
  const { t } = useTranslation('results');
  return (
    <Menu position="top-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          ml="auto"
          mr={36}
          style={{ flex: 'none' }}
          leftSection={<IconDownload size={14} />}
        >
          {t('download')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(FORMATS).map(([format, title]) => (
          <Menu.Item
            key={format}
            component="a"
            href={`/api/artifacts/${digest}/download?format=${format}`}
            download
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
