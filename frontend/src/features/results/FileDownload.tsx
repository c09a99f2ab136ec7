import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { StoredOutput } from '../../api/types';
import { formatBytes } from '../../ui/format';
import classes from './Results.module.css';

/** An output that is a file: its size, and the file under its own name. */
export function FileDownload({ digest, meta }: Pick<StoredOutput, 'digest' | 'meta'>) {
  const { t } = useTranslation('results');
  return (
    <>
      {typeof meta.size_bytes === 'number' && (
        <Text size="sm" className={classes.size}>
          {formatBytes(meta.size_bytes)}
        </Text>
      )}
      <Button
        component="a"
        href={`/api/artifacts/${digest}/download`}
        download={typeof meta.name === 'string' ? meta.name : true}
        size="compact-sm"
        variant="default"
        ml="auto"
        mr={36}
        style={{ flex: 'none' }}
        leftSection={<IconDownload size={14} />}
        data-testid="file-download"
      >
        {t('download')}
      </Button>
    </>
  );
}
