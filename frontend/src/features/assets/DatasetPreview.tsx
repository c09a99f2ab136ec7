import { Anchor, Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../api/types';
import { formatBytes, formatCount } from '../../ui/format';
import classes from './Page.module.css';

interface Props {
  dataset: Dataset;
  onClose: () => void;
  /** The rows. */
  children: ReactNode;
}

/** What a dataset is, where it comes from, and what it holds. */
export function DatasetPreview({ dataset, onClose, children }: Props) {
  const { t } = useTranslation('assets');
  const facts = [
    `${t('rows')}: ${formatCount(dataset.rows)}`,
    `${t('columns')}: ${formatCount(dataset.columns.length)}`,
    `${t('size')}: ${formatBytes(dataset.size_bytes)}`,
    ...(dataset.licence ? [`${t('licence')}: ${dataset.licence}`] : []),
  ];
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
      opened
      onClose={onClose}
      title={dataset.title}
      size="min(1200px, 92vw)"
    >
      {dataset.description && <Text size="sm">{dataset.description}</Text>}
      <Text size="sm" c="var(--text-soft)" mt={4}>
        {facts.join(' · ')}
        {dataset.origin && (
          <>
            {' · '}
            {t('origin')}: <Origin text={dataset.origin} />
          </>
        )}
      </Text>
      <div className={classes.preview} data-testid="dataset-preview">
        {children}
      </div>
    </Modal>
  );
}

function Origin({ text }: { text: string }) {
  if (!/^https?:\/\//.test(text)) return text;
  return (
    <Anchor href={text} target="_blank" rel="noreferrer" size="sm">
      {text}
    </Anchor>
  );
}
