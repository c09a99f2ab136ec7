import { Badge, Tabs, Text } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type NodeTab, useDocument, useEditor, useNodeState, useView } from '../../editor/Editor';
import { moduleIdOf } from '../../pipeline/document';
import { CategoryIcon } from '../../ui/CategoryIcon';
import { Notice } from '../../ui/Notice';
import { About } from './About';
import classes from './Inspector.module.css';
import { NodeRun } from './NodeRun';
import { Parameters } from './Parameters';
import { PipelineSettings } from './PipelineSettings';

/** What is selected: its parameters, its documentation, and what its run gave; else the pipeline's own settings. */
export function Inspector() {
  const { t } = useTranslation('inspector');
  const selection = useView((view) => view.selection);
  const [first] = selection;
  return (
    <aside className={classes.panel} aria-label={t('panel')} data-testid="inspector" data-panel>
      {first === undefined ? (
        <PipelineSettings />
      ) : selection.size > 1 ? (
        <Notice title={t('many', { count: selection.size })} />
      ) : (
        <NodeInspector key={first} id={first} />
      )}
    </aside>
  );
}

function NodeInspector({ id }: { id: string }) {
  const { t } = useTranslation('inspector');
  const { library } = useEditor();
  const node = useDocument((document) => document.nodes[id]);
  const [tab, setTab] = useTab(id);
  if (!node) return null;
  const module = library.modules.get(moduleIdOf(node) ?? '');
  const dataset = library.datasets.get(node.dataset?.replace(/@\d+$/, '') ?? '');
  const title = module?.title ?? dataset?.title ?? node.module ?? node.dataset;
  return (
    <>
      <div className={classes.head}>
        <CategoryIcon category={module?.category_id ?? 'dataset'} />
        <Text fw={600} className={classes.title} truncate title={title}>
          {title}
        </Text>
        {dataset && (
          <Badge variant="light" tt="none">
            {t('version', { version: dataset.version })}
          </Badge>
        )}
      </div>
      <Tabs value={tab} onChange={(value) => setTab(value as NodeTab)} className={classes.tabs}>
        <Tabs.List px={8}>
          <Tabs.Tab value="parameters">{t('parameters')}</Tabs.Tab>
          <Tabs.Tab value="about">{t('about')}</Tabs.Tab>
          <Tabs.Tab value="run">{t('run')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="parameters" className={classes.body}>
          <Parameters id={id} node={node} module={module} />
        </Tabs.Panel>
        <Tabs.Panel value="about" className={classes.body}>
          <About module={module} dataset={dataset} />
        </Tabs.Panel>
        <Tabs.Panel value="run" className={classes.body} keepMounted={false}>
          <NodeRun id={id} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

/**
 * The open tab: that of the node before, so that nodes can be compared. Until another one is chosen, a failed node shows
 * why, and one that was not there in the run shows its form. What points at a parameter brings the form to the front.
 */
function useTab(id: string) {
  const { view } = useEditor();
  const status = useNodeState(id)?.status;
  const target = useView((state) => (state.focusedParameter?.node === id ? state.focusedParameter : null));
  const common = useView((state) => state.tab);
  const [own, setOwn] = useState<NodeTab | null>(() => {
    if (status === 'failed' && !target) return 'run';
    return status === undefined && common === 'run' ? 'parameters' : null;
  });
  const choose = useCallback(
    (tab: NodeTab) => {
      setOwn(null);
      view.setState({ tab });
    },
    [view],
  );
  useEffect(() => {
    if (target) choose('parameters');
  }, [target, choose]);
  return [own ?? common, choose] as const;
}
