import { Anchor, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { samplesQuery } from '../../api/queries';
import { useEditor } from '../../editor/Editor';
import { Loading } from '../../ui/Notice';
import type { Dragged } from './dragging';
import { DatasetItem, ModuleItem, SampleItem } from './items';
import classes from './Palette.module.css';
import { matches } from './searching';

interface Props {
  onAdd: (item: Dragged) => void;
  onOpenSample: (id: string) => void;
}

const TABS = ['modules', 'datasets', 'samples'] as const;
type Tab = (typeof TABS)[number];

/** The library: drag, double-click or Enter adds a module or dataset, and opens a sample. */
export function Palette({ onAdd, onOpenSample }: Props) {
  const { t } = useTranslation('palette');
  const [tab, setTab] = useState<Tab>('modules');
  const [text, setText] = useState('');
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
          onChange={setTab}
          data={TABS.map((value) => ({ value, label: t(value) }))}
          aria-label={t('title')}
        />
      </Stack>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <section className={classes.list} tabIndex={0} aria-label={t(tab)}>
        {tab === 'modules' && <Modules text={text} onAdd={onAdd} />}
        {tab === 'datasets' && <Datasets text={text} onAdd={onAdd} />}
        {tab === 'samples' && <Samples text={text} onOpen={onOpenSample} />}
      </section>
      <div className={classes.hint}>{t(tab === 'samples' ? 'hint_samples' : 'hint')}</div>
    </aside>
  );
}

interface ListProps {
  text: string;
  onAdd: (item: Dragged) => void;
}

function Modules({ text, onAdd }: ListProps) {
  const { library } = useEditor();
  const modules = [...library.modules.values()].filter((item) =>
    matches(text, item.title, item.category, item.summary, item.id),
  );
  if (modules.length === 0) return <Nothing text={text} />;
  return [...Map.groupBy(modules, (item) => item.category)].map(([category, items]) => (
    <section key={category} aria-label={category}>
      <h3 className={classes.category}>{category}</h3>
      {items.map((item) => (
        <ModuleItem key={item.id} module={item} onAdd={onAdd} />
      ))}
    </section>
  ));
}

function Datasets({ text, onAdd }: ListProps) {
  const { t } = useTranslation('palette');
  const { library } = useEditor();
  const datasets = [...library.datasets.values()].filter((item) =>
    matches(text, item.title, item.name, item.description),
  );
  return (
    <>
      {datasets.map((item) => (
        <DatasetItem key={item.name} dataset={item} onAdd={onAdd} />
      ))}
      {datasets.length === 0 && <Nothing text={text}>{t('no_datasets')}</Nothing>}
      <Anchor component={Link} to="/datasets" size="sm" className={classes.more}>
        {t('upload')}
      </Anchor>
    </>
  );
}

function Samples({ text, onOpen }: { text: string; onOpen: (id: string) => void }) {
  const { t } = useTranslation('palette');
  const samples = useQuery(samplesQuery);
  if (samples.isPending) return <Loading />;
  const found = (samples.data ?? []).filter((item) => matches(text, item.title, item.description));
  if (found.length === 0) return <Nothing text={text}>{t('no_samples')}</Nothing>;
  return found.map((item) => <SampleItem key={item.id} sample={item} onOpen={onOpen} />);
}

function Nothing({ text, children }: { text: string; children?: ReactNode }) {
  const { t } = useTranslation('palette');
  return <p className={classes.nothing}>{text ? t('nothing', { text }) : children}</p>;
}
