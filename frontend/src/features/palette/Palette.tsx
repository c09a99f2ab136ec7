import { HoverCard, SegmentedControl, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset, ModuleSpec } from '../../api/types';
import { useEditor } from '../../editor/Editor';
import { CategoryIcon } from '../../ui/CategoryIcon';
import { formatCount } from '../../ui/format';
import { DRAG_TYPE, type Dragged } from './dragging';
import classes from './Palette.module.css';
import { matches } from './searching';

interface Props {
  onAdd: (item: Dragged) => void;
}

/** The library of modules and datasets: drag, double-click or Enter adds one. */
export function Palette({ onAdd }: Props) {
  const { t } = useTranslation('palette');
  const { library } = useEditor();
  const [tab, setTab] = useState<'modules' | 'datasets'>('modules');
  const [text, setText] = useState('');

  const modules = [...library.modules.values()].filter((item) =>
    matches(text, item.title, item.category, item.summary, item.id),
  );
  const datasets = [...library.datasets.values()].filter((item) =>
    matches(text, item.title, item.name, item.description),
  );
  const shown = tab === 'modules' ? modules.length : datasets.length;

  return (
    <aside className={classes.palette} aria-label={t('title')}>
      <Stack gap={8} className={classes.search}>
        <TextInput
          size="sm"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={t('search')}
          aria-label={t('search')}
          leftSection={<IconSearch size={15} />}
          data-testid="palette-search"
        />
        <SegmentedControl
          size="xs"
          fullWidth
          value={tab}
          onChange={(value) => setTab(value === 'datasets' ? 'datasets' : 'modules')}
          data={[
            { value: 'modules', label: t('modules') },
            { value: 'datasets', label: t('datasets') },
          ]}
        />
      </Stack>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <section className={classes.list} tabIndex={0} aria-label={t(tab)}>
        {tab === 'modules' ? (
          <Modules modules={modules} onAdd={onAdd} />
        ) : (
          datasets.map((item) => <DatasetItem key={item.name} dataset={item} onAdd={onAdd} />)
        )}
        {shown === 0 && (
          <Text size="sm" c="var(--text-soft)" p="md" ta="center">
            {text || tab === 'modules' ? t('nothing', { text }) : t('no_datasets')}
          </Text>
        )}
      </section>
      <div className={classes.hint}>{t('hint')}</div>
    </aside>
  );
}

function Modules({ modules, onAdd }: { modules: ModuleSpec[] } & Props) {
  const categories = Map.groupBy(modules, (item) => item.category);
  return [...categories].map(([category, items]) => (
    <section key={category} aria-label={category}>
      <h3 className={classes.category}>{category}</h3>
      {items.map((item) => (
        <ModuleItem key={item.id} module={item} onAdd={onAdd} />
      ))}
    </section>
  ));
}

function ModuleItem({ module, onAdd }: { module: ModuleSpec } & Props) {
  const { t } = useTranslation('palette');
  const ports = (items: { title: string; type: string }[]) =>
    items.map((port) => `${port.title} (${port.type})`).join(', ') || '–';
  return (
    <Item
      dragged={{ module: module.id }}
      title={module.title}
      category={module.category_id}
      testId={`palette-item-${module.id}`}
      onAdd={onAdd}
    >
      <Text fw={600}>{module.title}</Text>
      <Text size="sm">{module.summary}</Text>
      <Text size="xs" c="var(--text-soft)">
        {t('inputs')}: {ports(module.inputs)}
        <br />
        {t('outputs')}: {ports(module.outputs)}
      </Text>
    </Item>
  );
}

function DatasetItem({ dataset, onAdd }: { dataset: Dataset } & Props) {
  const { t } = useTranslation('palette');
  return (
    <Item
      dragged={{ dataset: dataset.name }}
      title={dataset.title}
      category="dataset"
      testId={`palette-dataset-${dataset.name}`}
      onAdd={onAdd}
    >
      <Text fw={600}>{dataset.title}</Text>
      <Text size="sm">{dataset.description}</Text>
      <Text size="xs" c="var(--text-soft)">
        {t('rows', { rows: formatCount(dataset.rows), columns: formatCount(dataset.columns.length) })}
        {dataset.licence && ` · ${dataset.licence}`}
      </Text>
    </Item>
  );
}

interface ItemProps extends Props {
  dragged: Dragged;
  title: string;
  category: string;
  testId: string;
  children: React.ReactNode;
}

function Item({ dragged, title, category, testId, onAdd, children }: ItemProps) {
  const { t } = useTranslation('palette');
  const [dragging, setDragging] = useState(false);
  return (
    <HoverCard position="right-start" openDelay={450} width={280} shadow="md" disabled={dragging}>
      <HoverCard.Target>
        <UnstyledButton
          className={classes.item}
          draggable
          data-testid={testId}
          aria-label={t('add', { title })}
          onDragStart={(event) => {
            event.dataTransfer.setData(DRAG_TYPE, JSON.stringify(dragged));
            event.dataTransfer.effectAllowed = 'copy';
            setDragging(true);
          }}
          onDragEnd={() => setDragging(false)}
          onDoubleClick={() => onAdd(dragged)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onAdd(dragged);
          }}
        >
          <CategoryIcon category={category} className={classes.icon} />
          <span className={classes.name}>{title}</span>
        </UnstyledButton>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <Stack gap={6}>{children}</Stack>
      </HoverCard.Dropdown>
    </HoverCard>
  );
}
