import { Button, Menu, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { downloadModel, type ModelFormat, type ModelPlace } from '../../api/modelFile';
import { notifyFailure } from '../../ui/notify';

const TITLES: Record<ModelFormat, string> = { skops: 'skops', onnx: 'ONNX', mlflow: 'MLflow' };
const FORMATS = Object.keys(TITLES) as ModelFormat[];

/** A trained model as a file, with the pipeline that made it. */
export function ModelMenu(place: ModelPlace) {
  const { t } = useTranslation('results');
  const download = useMutation({
    mutationFn: (format: ModelFormat) => downloadModel(place, format),
    onError: (error) => notifyFailure(t('model_failed'), error),
  });
  return (
    <Menu position="top-end" width={320}>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          ml="auto"
          mr={36}
          style={{ flex: 'none' }}
          leftSection={<IconDownload size={14} />}
          loading={download.isPending}
          data-testid="model-menu"
        >
          {t('download')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => download.mutate(format)}>
            {TITLES[format]}
            <Text size="xs" c="var(--text-soft)">
              {t(`model_${format}`)}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
