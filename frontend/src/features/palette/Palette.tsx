import { Anchor, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { samplesQuery } from '../../api/queries';
import type { Dataset, ModuleSpec } from '../../api/types';
import { useEditor } from '../../editor/Editor';
import { Loading } from '../../ui/Notice';
import type { Dragged } from './dragging';
import { DatasetItem, ModuleItem, SampleItem } from './items';
import classes from './Palette.module.css';
import { search } from './searching';

interface Props {
  onAdd: (item: Dragged) => void;
  onOpenSample: (id: string) => void;
}

const TABS = ['modules', 'datasets', 'samples'] as const;
type Tab = (typeof TABS)[number];

/** The library: drag, double-click or Enter adds a module or dataset, and opens a sample; Enter in the search, the first. */
export function Palette({ onAdd, onOpenSample }: Props) {
  const { t } = useTranslation('palette');
  const [tab, setTab] = useState<Tab>('modules');
  const [text, setText] = useState('');
  const { library } = useEditor();
  const samples = useQuery({ ...samplesQuery, enabled: tab === 'samples' });
  const found = {
    modules: search(library.modules.values(), text, (item) => [item.category, item.summary, item.id]),
    datasets: search(library.datasets.values(), text, (item) => [item.name, item.description]),
    samples: search(samples.data ?? [], text, (item) => [item.description]),
  };
  const isSearching = text.trim() !== '';

  const chooseFirst = () => {
    const [module] = found.modules;
    const [dataset] = found.datasets;
    const [sample] = found.samples;
    if (tab === 'modules' && module) onAdd({ module: module.id });
    else if (tab === 'datasets' && dataset) onAdd({ dataset: dataset.name });
    else if (tab === 'samples' && sample) onOpenSample(sample.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // Enter also ends the composition of a Korean syllable, and then means nothing more.
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !isSearching) return;
    event.preventDefault();
    chooseFirst();
    event.currentTarget.select();
  };

  return (
    <aside className={classes.palette} aria-label={t('title')} data-panel>
      <Stack gap={8} className={classes.search}>
        <TextInput
          size="sm"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          placeholder={t('search')}
          aria-label={t('search')}
          aria-describedby={HINT}
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
      <section
        className={classes.list}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={t(tab)}
        data-searching={isSearching || undefined}
      >
        {tab === 'modules' && <Modules found={found.modules} onAdd={onAdd} />}
        {tab === 'datasets' && <Datasets found={found.datasets} onAdd={onAdd} />}
        {tab === 'samples' &&
          (samples.isPending ? (
            <Loading />
          ) : (
            found.samples.map((item) => <SampleItem key={item.id} sample={item} onOpen={onOpenSample} />)
          ))}
        {found[tab].length === 0 && !(tab === 'samples' && samples.isPending) && (
          <p className={classes.nothing}>{isSearching ? t('nothing', { text }) : t(`no_${tab}`)}</p>
        )}
        {tab === 'datasets' && (
          <Anchor component={Link} to="/datasets" size="sm" className={classes.more}>
            {t('upload')}
          </Anchor>
        )}
      </section>
      <div id={HINT} className={classes.hint}>
        {t(`${isSearching ? 'hint_search' : 'hint'}${tab === 'samples' ? '_samples' : ''}`)}
      </div>
    </aside>
  );
}

const HINT = 'palette-hint';

interface ListProps<T> {
  found: T[];
  onAdd: (item: Dragged) => void;
}

function Modules({ found, onAdd }: ListProps<ModuleSpec>) {
  const categories = [...new Set(found.map((item) => item.category))];
  return categories.map((category) => (
    <section key={category} aria-label={category}>
      <h3 className={classes.category}>{category}</h3>
      {found
        .filter((item) => item.category === category)
        .map((item) => (
          <ModuleItem key={item.id} module={item} onAdd={onAdd} />
        ))}
    </section>
  ));
}

function Datasets({ found, onAdd }: ListProps<Dataset>) {
  return found.map((item) => <DatasetItem key={item.name} dataset={item} onAdd={onAdd} />);
}
