import { ActionIcon, Button, Menu, Tabs, Text } from '@mantine/core';
import { IconDownload, IconX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredOutput } from '../../api/types';
import { useDocument, useEditor, useNodeState, useView } from '../../editor/Editor';
import { moduleIdOf } from '../../pipeline/document';
import { formatCount } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { ColumnFigures } from './ColumnFigures';
import { type Evaluation, evaluationOf } from './evaluation';
import { ModelDetails } from './ModelDetails';
import classes from './Results.module.css';
import { TableView } from './TableView';

// Charts are large and only some outputs have them.
const Charts = lazy(() => import('./Charts'));

const FORMATS = ['csv', 'tsv', 'parquet', 'arrow', 'jsonl', 'xlsx'] as const;

/** What an output holds, below the canvas. */
export function ResultsDrawer() {
  const { t } = useTranslation('results');
  const { view } = useEditor();
  const open = useView((state) => state.openOutput);
  if (!open) return null;
  return (
    <section className={classes.drawer} aria-label={t('title')} data-testid="results-drawer">
      <Output key={`${open.node}.${open.port}`} node={open.node} port={open.port} />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('close')}
        style={{ position: 'absolute', top: 8, right: 10 }}
        onClick={() => view.setState({ openOutput: null })}
      >
        <IconX size={16} />
      </ActionIcon>
    </section>
  );
}

function Output({ node, port }: { node: string; port: string }) {
  const { t } = useTranslation('results');
  const { library } = useEditor();
  const stored = useNodeState(node)?.outputs[port];
  const dataset = useDocument((document) => library.datasets.get(document.nodes[node]?.dataset ?? ''));
  const moduleId = useDocument((document) => moduleIdOf(document.nodes[node] ?? { inputs: {}, params: {} }));
  const module = library.modules.get(moduleId ?? '');
  const title = dataset?.title ?? module?.outputs.find((output) => output.name === port)?.title ?? port;
  // A dataset can be looked into before anything has run.
  const output: StoredOutput | undefined =
    stored ??
    (dataset && {
      digest: dataset.digest,
      type: 'Table',
      meta: { rows: dataset.rows, columns: dataset.columns as never },
    });
  if (!output) return <Notice title={title}>{t('no_result')}</Notice>;
  return output.type === 'Table' ? (
    <TableOutput title={title} output={output} />
  ) : (
    <>
      <div className={classes.head}>
        <Text fw={600}>{title}</Text>
      </div>
      <div className={classes.panel}>
        <ModelDetails meta={output.meta} />
      </div>
    </>
  );
}

function TableOutput({ title, output }: { title: string; output: StoredOutput }) {
  const { t } = useTranslation('results');
  const { digest, meta } = output;
  const evaluation: Evaluation | null = evaluationOf(meta);
  const columns = Array.isArray(meta.columns) ? meta.columns.length : 0;
  return (
    <>
      <div className={classes.head}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="var(--text-soft)" data-testid="results-size">
          {t('rows_columns', { rows: formatCount(Number(meta.rows)), columns: formatCount(columns) })}
        </Text>
        <Menu position="top-end">
          <Menu.Target>
            <Button
              size="compact-sm"
              variant="default"
              ml="auto"
              mr={36}
              leftSection={<IconDownload size={14} />}
            >
              {t('download')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {FORMATS.map((format) => (
              <Menu.Item
                key={format}
                component="a"
                href={`/api/artifacts/${digest}/download?format=${format}`}
              >
                {format.toUpperCase()}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      <Tabs defaultValue={evaluation ? 'charts' : 'table'} className={classes.tabs} keepMounted={false}>
        <Tabs.List px={8}>
          {evaluation && <Tabs.Tab value="charts">{t('charts')}</Tabs.Tab>}
          <Tabs.Tab value="table">{t('table')}</Tabs.Tab>
          <Tabs.Tab value="columns">{t('columns')}</Tabs.Tab>
        </Tabs.List>
        {evaluation && (
          <Tabs.Panel value="charts" className={classes.panel}>
            <Suspense fallback={<Loading />}>
              <Charts evaluation={evaluation} />
            </Suspense>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="table" className={classes.panel} style={{ overflow: 'hidden' }}>
          <TableView digest={digest} />
        </Tabs.Panel>
        <Tabs.Panel value="columns" className={classes.panel}>
          <ColumnFigures digest={digest} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
