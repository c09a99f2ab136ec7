import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import Markdown from 'react-markdown';
import type { Dataset, ModuleSpec } from '../../api/types';
import { formatBytes, formatCount } from '../../ui/format';
import classes from './Inspector.module.css';

interface Props {
  module: ModuleSpec | undefined;
  dataset: Dataset | undefined;
}

/** Documentation, made from the module's own declaration. */
export function About({ module, dataset }: Props) {
  const { t } = useTranslation('inspector');
  if (dataset) {
    return (
      <Stack gap="md">
        <Text size="sm">{dataset.description}</Text>
        <dl className={classes.facts}>
          <dt>{t('dataset_rows', { rows: formatCount(dataset.rows), columns: dataset.columns.length })}</dt>
          <dd>{formatBytes(dataset.size_bytes)}</dd>
          {dataset.licence && (
            <>
              <dt>{t('licence')}</dt>
              <dd>{dataset.licence}</dd>
            </>
          )}
          {dataset.origin && (
            <>
              <dt>{t('origin')}</dt>
              <dd>{dataset.origin}</dd>
            </>
          )}
        </dl>
      </Stack>
    );
  }
  if (!module) return null;
  const ports = [...module.inputs, ...module.outputs];
  return (
    <Stack gap="md">
      <div className={classes.markdown}>
        <Markdown>{module.description}</Markdown>
      </div>
      <ModulePageLink module={module} />
      {ports.length > 0 && (
        <div>
          <Title order={3} size="h6" mb={6}>
            {t('ports')}
          </Title>
          <dl className={classes.facts}>
            {ports.map((port) => (
              <PortFact key={port.name} title={port.title} type={port.type} />
            ))}
          </dl>
        </div>
      )}
      <div>
        <Title order={3} size="h6" mb={6}>
          {t('parameters')}
        </Title>
        <Stack gap={8}>
          {module.parameters.map((parameter) => (
            <div key={parameter.name}>
              <Text size="sm" fw={550}>
                {parameter.title}{' '}
                <Text span size="xs" c="var(--text-soft)" ff="monospace">
                  {parameter.name}
                </Text>
              </Text>
              <Text size="sm" c="var(--text-soft)">
                {parameter.help}
              </Text>
            </div>
          ))}
        </Stack>
      </div>
    </Stack>
  );
}

/** To the page of the module, with its errors and its example; beside the work, not in place of it. */
function ModulePageLink({ module }: { module: ModuleSpec }) {
  const { t } = useTranslation('inspector');
  return (
    <Anchor href={`/modules/${module.id}`} target="_blank" size="sm" data-testid="module-page">
      {t('module_page')}
    </Anchor>
  );
}

function PortFact({ title, type }: { title: string; type: string }) {
  return (
    <>
      <dt>{title}</dt>
      <dd>{type}</dd>
    </>
  );
}
