import { Anchor, HoverCard, Stack, Text, UnstyledButton } from '@mantine/core';
import { type DragEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset, ModuleSpec, Sample } from '../../api/types';
import { CategoryIcon } from '../../ui/CategoryIcon';
import { formatCount } from '../../ui/format';
import { DRAG_TYPE, type Dragged } from './dragging';
import classes from './Palette.module.css';

interface Addable {
  onAdd: (item: Dragged) => void;
}

export function ModuleItem({ module, onAdd }: { module: ModuleSpec } & Addable) {
  const { t } = useTranslation('palette');
  const ports = (items: { title: string; type: string }[]) =>
    items.map((port) => `${port.title} (${port.type})`).join(', ') || '–';
  const dragged = { module: module.id };
  return (
    <Item
      title={module.title}
      label={t('add', { title: module.title })}
      category={module.category_id}
      testId={`palette-item-${module.id}`}
      dragged={dragged}
      onChosen={() => onAdd(dragged)}
    >
      <Text size="sm">{module.summary}</Text>
      <Text size="xs" c="var(--text-soft)">
        {t('inputs')}: {ports(module.inputs)}
        <br />
        {t('outputs')}: {ports(module.outputs)}
      </Text>
      <Anchor href={`/modules/${module.id}`} target="_blank" size="sm">
        {t('module_page')}
      </Anchor>
    </Item>
  );
}

export function DatasetItem({ dataset, onAdd }: { dataset: Dataset } & Addable) {
  const { t } = useTranslation('palette');
  const dragged = { dataset: dataset.name };
  return (
    <Item
      title={dataset.title}
      label={t('add', { title: dataset.title })}
      category="dataset"
      testId={`palette-dataset-${dataset.name}`}
      dragged={dragged}
      onChosen={() => onAdd(dragged)}
    >
      <Text size="sm">{dataset.description}</Text>
      <Text size="xs" c="var(--text-soft)">
        {t('rows', { rows: formatCount(dataset.rows), columns: formatCount(dataset.columns.length) })}
        {dataset.licence && ` · ${dataset.licence}`}
      </Text>
    </Item>
  );
}

export function SampleItem({ sample, onOpen }: { sample: Sample; onOpen: (id: string) => void }) {
  const { t } = useTranslation('palette');
  return (
    <Item
      title={sample.title}
      label={t('open_sample', { title: sample.title })}
      category="sample"
      testId={`palette-sample-${sample.id}`}
      onChosen={() => onOpen(sample.id)}
    >
      <Text size="sm">{sample.description}</Text>
    </Item>
  );
}

interface ItemProps {
  title: string;
  label: string;
  category: string;
  testId: string;
  /** What the item stands for on a drag; left out where it cannot be dragged. */
  dragged?: Dragged;
  onChosen: () => void;
  /** What its card tells. */
  children: ReactNode;
}

function Item({ title, label, category, testId, dragged, onChosen, children }: ItemProps) {
  const [dragging, setDragging] = useState(false);
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(DRAG_TYPE, JSON.stringify(dragged));
    event.dataTransfer.effectAllowed = 'copy';
    setDragging(true);
  };
  return (
    <HoverCard position="right-start" offset={14} openDelay={450} width={280} shadow="md" disabled={dragging}>
      <HoverCard.Target>
        <UnstyledButton
          className={classes.item}
          draggable={dragged !== undefined}
          data-testid={testId}
          aria-label={label}
          onDragStart={onDragStart}
          onDragEnd={() => setDragging(false)}
          onDoubleClick={onChosen}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onChosen();
          }}
        >
          <CategoryIcon category={category} className={classes.icon} />
          <span className={classes.name}>{title}</span>
        </UnstyledButton>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <Stack gap={6}>
          <Text fw={600}>{title}</Text>
          {children}
        </Stack>
      </HoverCard.Dropdown>
    </HoverCard>
  );
}
