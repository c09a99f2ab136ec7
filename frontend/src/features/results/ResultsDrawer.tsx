import { ActionIcon, SegmentedControl, Tabs, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeState, OutputPort, StoredOutput } from '../../api/types';
import { useDocument, useEditor, useLiveRun, useNodeState, useView } from '../../editor/Editor';
import { NodeLog } from '../../editor/NodeLog';
import { useSaying } from '../../editor/useSaying';
import { moduleIdOf, type PipelineNode } from '../../pipeline/document';
import { type Library, outputsOf, typeFits } from '../../pipeline/rules';
import { formatBytes, formatCount } from '../../ui/format';
import { Loading, Notice } from '../../ui/Notice';
import { ColumnFigures } from './ColumnFigures';
import { DownloadMenu } from './DownloadMenu';
import { type Evaluation, evaluationOf } from './evaluation';
import { FileDownload } from './FileDownload';
import { ModelDetails } from './ModelDetails';
import { ModelMenu } from './ModelMenu';
import { ResizeHandle } from './ResizeHandle';
import classes from './Results.module.css';
import { TableView } from './TableView';

// Charts are large and only some outputs have them.
const Charts = lazy(() => import('./Charts'));

/** What an output holds, below the canvas. */
export function ResultsDrawer() {
  const { t } = useTranslation('results');
  const { view } = useEditor();
  const open = useView((state) => state.openOutput);
  if (!open) return null;
  return (
    <section className={classes.drawer} aria-label={t('title')} data-testid="results-drawer" data-panel>
      <ResizeHandle />
      <NodeOutput key={open.node} node={open.node} port={open.port} />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t('close')}
        className={classes.close}
        onClick={() => view.setState({ openOutput: null })}
      >
        <IconX size={16} />
      </ActionIcon>
    </section>
  );
}

function NodeOutput({ node: id, port }: { node: string; port: string }) {
  const { t } = useTranslation('results');
  const { library, view } = useEditor();
  const node = useDocument((document) => document.nodes[id]);
  const state = useNodeState(id);
  const runId = useLiveRun((live) => live.run?.id);
  if (!node) return <Notice title={t('no_result')} />;
  const ports = outputsOf(node, library);
  const output = outputNamed(node, port, state, library);
  return (
    <>
      <div className={classes.head}>
        <Text fw={600} truncate>
          {titleOf(node, port, ports, library)}
        </Text>
        {ports.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t('outputs')}
            value={port}
            data={ports.map((item) => ({ value: item.name, label: item.title }))}
            onChange={(next) => view.setState({ openOutput: { node: id, port: next } })}
          />
        )}
        {output?.type === 'Table' && <Size meta={output.meta} />}
        {output?.type === 'Table' && <DownloadMenu digest={output.digest} />}
        {output?.type === 'File' && <FileDownload digest={output.digest} meta={output.meta} />}
        {output && runId && typeFits(output.type, 'Model', library.portTypes) && (
          <ModelMenu runId={runId} node={id} port={port} />
        )}
      </div>
      <Views key={output?.digest ?? port} id={id} state={state} output={output} />
    </>
  );
}

/** The output's title; where a switch beside it names the outputs, the node's. */
function titleOf(node: PipelineNode, port: string, ports: OutputPort[], library: Library): string {
  const dataset = node.dataset && library.datasets.get(nameOf(node.dataset));
  if (dataset) return dataset.title;
  const module = library.modules.get(moduleIdOf(node) ?? '');
  if (module && ports.length > 1) return module.title;
  return ports.find((output) => output.name === port)?.title ?? port;
}

function nameOf(dataset: string): string {
  return dataset.replace(/@\d+$/, '');
}

/** What a run has stored; a dataset can be looked into before anything has run. */
function outputNamed(
  node: PipelineNode,
  port: string,
  state: NodeState | undefined,
  library: Library,
): StoredOutput | undefined {
  const stored = state?.outputs[port];
  if (stored || !node.dataset) return stored;
  const name = nameOf(node.dataset);
  const dataset = library.datasets.get(name);
  const pinned = node.dataset === name ? undefined : Number(node.dataset.slice(name.length + 1));
  if (!dataset || (pinned !== undefined && pinned !== dataset.version)) return undefined;
  return {
    digest: dataset.digest,
    type: 'Table',
    meta: { rows: dataset.rows, columns: dataset.columns as never },
  };
}

function Size({ meta }: { meta: StoredOutput['meta'] }) {
  const { t } = useTranslation('results');
  const columns = Array.isArray(meta.columns) ? meta.columns.length : 0;
  return (
    <Text size="sm" className={classes.size} data-testid="results-size">
      {t('rows_columns', { rows: formatCount(Number(meta.rows)), columns: formatCount(columns) })}
    </Text>
  );
}

interface ViewsProps {
  id: string;
  state: NodeState | undefined;
  output: StoredOutput | undefined;
}

function Views({ id, state, output }: ViewsProps) {
  const { t } = useTranslation('results');
  const evaluation: Evaluation | null = output ? evaluationOf(output.meta) : null;
  const isTable = output?.type === 'Table';
  const failed = state?.status === 'failed';
  const views: { name: string; body: ReactNode; fixed?: boolean }[] = [];
  if (evaluation) {
    views.push({
      name: 'charts',
      body: (
        <Suspense fallback={<Loading />}>
          <Charts evaluation={evaluation} />
        </Suspense>
      ),
    });
  }
  if (output && isTable) {
    views.push({ name: 'table', body: <TableView digest={output.digest} />, fixed: true });
    views.push({ name: 'columns', body: <ColumnFigures digest={output.digest} />, fixed: true });
  }
  if (output && !isTable) {
    const meta = output.type === 'File' ? factsOfFile(output.meta) : output.meta;
    views.push({ name: 'model', body: <ModelDetails meta={meta} /> });
  }
  if (!output && !failed) views.push({ name: 'result', body: <Notice title={t('no_result')} /> });
  if (failed) views.push({ name: 'error', body: <Failed id={id} state={state} /> });
  if (state && state.status !== 'waiting') {
    views.push({
      name: 'log',
      body: (
        <div className={classes.log}>
          <NodeLog id={id} />
        </div>
      ),
    });
  }
  return (
    <Tabs defaultValue={views[0]?.name} className={classes.tabs} keepMounted={false}>
      <Tabs.List px={8}>
        {views.map(({ name }) => (
          <Tabs.Tab key={name} value={name}>
            {t(name)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {views.map(({ name, body, fixed }) => (
        // What scrolls must be reachable by keyboard; fixed views scroll inside.
        <Tabs.Panel
          key={name}
          value={name}
          className={classes.panel}
          data-fixed={fixed}
          tabIndex={fixed ? undefined : 0}
        >
          {body}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** What there is to read of a file without taking it away: what it tells of itself, in place of what it is. */
function factsOfFile({ name, size_bytes, details }: StoredOutput['meta']): StoredOutput['meta'] {
  const size = typeof size_bytes === 'number' ? formatBytes(size_bytes) : null;
  return { name, size, ...(details as StoredOutput['meta'] | undefined) };
}

function Failed({ id, state }: { id: string; state: NodeState }) {
  const { t } = useTranslation('results');
  const saying = useSaying();
  const said = state.error && saying.failure(state.error, id);
  return <Notice title={t('failed_node')}>{[said?.message, said?.hint].filter(Boolean).join('. ')}</Notice>;
}
