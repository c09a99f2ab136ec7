import { useComputedColorScheme } from '@mantine/core';
import { Background, BackgroundVariant, MiniMap, Panel, ReactFlow, useStore } from '@xyflow/react';
import { type MouseEvent, useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useOpenDraft } from '../../api/openDraft';
import { selectNodes, useDocument, useEditor } from '../../editor/Editor';
import { outputsOf } from '../../pipeline/rules';
import { Notice } from '../../ui/Notice';
import { notifyFailure } from '../../ui/notify';
import { AdviceList } from './AdviceList';
import { AdvisedWire } from './AdvisedWire';
import classes from './Canvas.module.css';
import { Connections } from './Connections';
import { ContextMenu, type MenuPlace } from './ContextMenu';
import { QuickAdd } from './QuickAdd';
import { Shortcuts } from './Shortcuts';
import { StepNode } from './StepNode';
import { Toolbar } from './Toolbar';
import { useAriaLabels } from './useAriaLabels';
import { type ReadDrag, useDropping } from './useDropping';
import { useFlowEdges, useFlowNodes } from './useFlowElements';
import { useReveal } from './useReveal';
import { useShortcuts } from './useShortcuts';
import { useWiring } from './useWiring';

const NODE_TYPES = { step: StepNode };
const EDGE_TYPES = { advised: AdvisedWire };
const FIT = { padding: 0.2, maxZoom: 1 };
const GRID: [number, number] = [10, 10];
/** From further away nobody reads a node: only its box is drawn, which keeps a thousand of them moving. */
const FAR_ZOOM = 0.3;
const MINIMAP = { width: 150, height: 100 };
const ATTRIBUTION = { hideAttribution: true };
const MULTI_SELECT = ['Shift', 'Meta', 'Control'];

interface Props {
  readDrag: ReadDrag;
}

export function Canvas({ readDrag }: Props) {
  const { t } = useTranslation('canvas');
  const editor = useEditor();
  const { store, view, library, readOnly } = editor;
  const scheme = useComputedColorScheme('light');
  const ariaLabels = useAriaLabels();
  const box = useRef<HTMLDivElement>(null);
  const { nodes, onNodesChange } = useFlowNodes(editor);
  const { edges, onEdgesChange } = useFlowEdges(editor);
  const isEmpty = useDocument((document) => Object.keys(document.nodes).length === 0);
  // The first node that is dropped on an empty canvas stays where it was dropped.
  const [startsEmpty] = useState(isEmpty);
  const isFar = useStore(({ transform: [, , zoom] }) => zoom < FAR_ZOOM);
  const wiring = useWiring(editor, box);
  const open = useOpenDraft((error) => notifyFailure(t('create_failed', { ns: 'home' }), error));
  const dropping = useDropping(editor, edges, readDrag, (file) => open.mutate({ kind: 'file', file }));
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  useShortcuts();
  useReveal(editor);

  const openFirstOutput = useCallback(
    (id: string) => {
      const node = store.getState().document.nodes[id];
      const port = node && outputsOf(node, library)[0];
      if (port) view.setState({ openOutput: { node: id, port: port.name } });
    },
    [store, view, library],
  );

  const openMenu = (event: MouseEvent | globalThis.MouseEvent, on: MenuPlace['on'], id?: string) => {
    event.preventDefault();
    if (id !== undefined && !view.getState().selection.has(id)) selectNodes(editor, [id]);
    setMenu({ x: event.clientX, y: event.clientY, on });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; keys add nodes from the library
    <div
      className={classes.canvas}
      ref={box}
      onDrop={dropping.onDrop}
      onDragOver={dropping.onDragOver}
      data-far={isFar || undefined}
      data-testid="canvas"
      data-panel
    >
      {isEmpty && (
        <div className={classes.empty}>
          <Notice title={t('empty_title')}>{t('empty_text')}</Notice>
        </div>
      )}
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={scheme}
        ariaLabelConfig={ariaLabels}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        isValidConnection={wiring.isValidConnection}
        onConnect={wiring.onConnect}
        onConnectStart={wiring.onConnectStart}
        onConnectEnd={wiring.onConnectEnd}
        onNodeDragStop={dropping.onNodeDragStop as never}
        onPaneClick={() => selectNodes(editor, [])}
        onNodeDoubleClick={(_, node) => openFirstOutput(node.id)}
        onNodeContextMenu={(event, node) => openMenu(event, 'node', node.id)}
        onSelectionContextMenu={(event) => openMenu(event, 'node')}
        onPaneContextMenu={(event) => openMenu(event, 'canvas')}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        edgesReconnectable={false}
        deleteKeyCode={null}
        multiSelectionKeyCode={MULTI_SELECT}
        selectionKeyCode="Shift"
        connectionRadius={26}
        snapToGrid
        snapGrid={GRID}
        minZoom={0.05}
        maxZoom={2}
        fitView={!startsEmpty}
        fitViewOptions={FIT}
        onlyRenderVisibleElements
        zoomOnDoubleClick={false}
        proOptions={ATTRIBUTION}
        aria-label={t('label')}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <MiniMap pannable zoomable position="bottom-right" style={MINIMAP} />
        <Panel position="top-right">
          <AdviceList />
        </Panel>
        <Panel position="bottom-left">
          <Toolbar />
        </Panel>
      </ReactFlow>
      {wiring.loose && (
        <QuickAdd
          at={wiring.loose.at}
          end={wiring.loose.end}
          onPick={wiring.onPick}
          onClose={wiring.forget}
        />
      )}
      {menu && <ContextMenu place={menu} onClose={() => setMenu(null)} />}
      <Connections />
      <Shortcuts />
    </div>
  );
}
