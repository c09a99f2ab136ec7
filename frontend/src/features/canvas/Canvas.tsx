import { useComputedColorScheme } from '@mantine/core';
import {
  Background,
  BackgroundVariant,
  type Connection,
  type Edge,
  type EdgeChange,
  type FinalConnectionState,
  type IsValidConnection,
  MiniMap,
  type Node,
  Panel,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react';
import { type DragEvent, useCallback, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModuleSpec } from '../../api/types';
import { selectNodes, useDocument, useEditor } from '../../editor/Editor';
import type { Position as Place, Wire } from '../../pipeline/document';
import { addNode, connect, disconnect, insertOnWire } from '../../pipeline/edits';
import { freePlace, NODE_HEIGHT, NODE_WIDTH } from '../../pipeline/layout';
import { inputsOf, outputsOf, refusalOf } from '../../pipeline/rules';
import { Notice } from '../../ui/Notice';
import { notify } from '../../ui/notify';
import classes from './Canvas.module.css';
import { type OpenEnd, QuickAdd } from './QuickAdd';
import { StepNode } from './StepNode';
import { Toolbar } from './Toolbar';
import { useFlowEdges, useFlowNodes } from './useFlowElements';
import { useShortcuts } from './useShortcuts';

const NODE_TYPES = { step: StepNode };
const FIT = { padding: 0.2, maxZoom: 1 };
const GRID: [number, number] = [10, 10];

interface Props {
  /** Reads what the palette put on a drag; null where it is something else. */
  readDrag: (transfer: DataTransfer) => { module: string } | { dataset: string } | null;
}

export function Canvas({ readDrag }: Props) {
  const { t } = useTranslation('canvas');
  const editor = useEditor();
  const { store, view, library, readOnly } = editor;
  const flow = useReactFlow();
  const scheme = useComputedColorScheme('light');
  const box = useRef<HTMLDivElement>(null);
  const { nodes, onNodesChange } = useFlowNodes(editor);
  const [selectedWires, setSelectedWires] = useState<ReadonlySet<string>>(new Set());
  const edges = useFlowEdges(library, selectedWires);
  const isEmpty = useDocument((document) => Object.keys(document.nodes).length === 0);
  const [asking, setAsking] = useState<{ at: { x: number; y: number }; place: Place; end: OpenEnd } | null>(
    null,
  );
  useShortcuts();

  const onEdgesChange = useCallback((changes: EdgeChange[]) => {
    setSelectedWires((before) => {
      const next = new Set(before);
      for (const change of changes) {
        if (change.type === 'select') next[change.selected ? 'add' : 'delete'](change.id);
      }
      return next;
    });
  }, []);

  const isValid: IsValidConnection = useCallback(
    ({ source, sourceHandle, target, targetHandle }) =>
      refusalOf(store.getState().document, library, {
        source,
        sourcePort: sourceHandle ?? '',
        target,
        targetPort: targetHandle ?? '',
      }) === null,
    [store, library],
  );

  const onConnect = ({ source, sourceHandle, target, targetHandle }: Connection) =>
    store.getState().edit('connect', (draft) =>
      connect(draft, library, {
        source,
        sourcePort: sourceHandle ?? '',
        target,
        targetPort: targetHandle ?? '',
      }),
    );

  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    const from = state.fromHandle;
    if (state.isValid || !from || readOnly) return;
    if (state.toHandle) {
      const [source, target] = from.type === 'source' ? [from, state.toHandle] : [state.toHandle, from];
      const refusal = refusalOf(store.getState().document, library, {
        source: source.nodeId,
        sourcePort: source.id ?? '',
        target: target.nodeId,
        targetPort: target.id ?? '',
      });
      if (refusal) notify(t(`refused_${refusal.reason}`, { ...refusal }));
      return;
    }
    const end = openEnd(from.nodeId, from.id ?? '', from.type === 'source' ? 'output' : 'input');
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    const rect = box.current?.getBoundingClientRect();
    if (!end || !point || !rect) return;
    const { x, y } = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    setAsking({
      at: {
        x: Math.min(point.clientX - rect.left, rect.width - 270),
        y: Math.min(point.clientY - rect.top, rect.height - 120),
      },
      place: [x - NODE_WIDTH / 2, end.side === 'output' ? y : y - NODE_HEIGHT],
      end,
    });
  };

  const openEnd = (id: string, name: string, side: OpenEnd['side']): OpenEnd | null => {
    const node = store.getState().document.nodes[id];
    if (!node) return null;
    const ports = side === 'output' ? outputsOf(node, library) : inputsOf(node, library);
    const port = ports.find((item) => item.name === name);
    return port ? { node: id, port: name, type: port.type, side } : null;
  };

  const onPick = (module: ModuleSpec, port: string) => {
    if (!asking) return;
    const { end, place } = asking;
    const id = store.getState().edit('add', (draft) => {
      const added = addNode(draft, { module: module.id }, freePlace(draft, place));
      const ends =
        end.side === 'output'
          ? { source: end.node, sourcePort: end.port, target: added, targetPort: port }
          : { source: added, sourcePort: port, target: end.node, targetPort: end.port };
      connect(draft, library, ends);
      return added;
    });
    if (id) selectNodes(editor, [id]);
    setAsking(null);
  };

  const onDrop = (event: DragEvent) => {
    const item = readDrag(event.dataTransfer);
    if (!item || readOnly) return;
    event.preventDefault();
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const wire = wireAt(event.clientX, event.clientY, edges);
    const id = store.getState().edit('add', (draft) => {
      const added = addNode(draft, item, freePlace(draft, [x - NODE_WIDTH / 2, y - NODE_HEIGHT / 2]));
      if (wire) insertOnWire(draft, library, added, wire);
      return added;
    });
    if (id) selectNodes(editor, [id]);
  };

  const onNodeDragStop = (event: MouseEvent | TouchEvent, node: Node, dragged: Node[]) => {
    const loose = dragged.length === 1 && !edges.some((e) => e.source === node.id || e.target === node.id);
    const wire = loose && 'clientX' in event ? wireAt(event.clientX, event.clientY, edges) : undefined;
    store.getState().edit('move', (draft) => {
      for (const { id, position } of dragged) draft.layout[id] = [position.x, position.y];
      if (wire) insertOnWire(draft, library, node.id, wire);
    });
  };

  const removeWires = (gone: Edge[]) =>
    store.getState().edit('disconnect', (draft) => {
      for (const edge of gone) if (edge.data) disconnect(draft, edge.data as unknown as Wire);
    });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a place to drop on; keys add nodes from the library
    <div
      className={classes.canvas}
      ref={box}
      onDrop={onDrop}
      onDragOver={(event) => {
        if (!readOnly) event.preventDefault();
      }}
      data-testid="canvas"
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
        colorMode={scheme}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onEdgesDelete={removeWires}
        onConnect={onConnect}
        onConnectEnd={onConnectEnd}
        onNodeDragStop={onNodeDragStop as never}
        onPaneClick={() => selectNodes(editor, [])}
        onNodeDoubleClick={(_, node) => view.setState({ openOutput: firstOutput(node.id) })}
        isValidConnection={isValid}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        edgesReconnectable={false}
        deleteKeyCode={selectedWires.size > 0 && !readOnly ? ['Delete', 'Backspace'] : null}
        multiSelectionKeyCode={['Shift', 'Meta', 'Control']}
        selectionKeyCode="Shift"
        connectionRadius={26}
        snapToGrid
        snapGrid={GRID}
        minZoom={0.05}
        maxZoom={2}
        fitView
        fitViewOptions={FIT}
        onlyRenderVisibleElements
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
        aria-label={t('label')}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        <MiniMap pannable zoomable position="bottom-right" style={{ width: 150, height: 100 }} />
        <Panel position="bottom-left">
          <Toolbar />
        </Panel>
      </ReactFlow>
      {asking && <QuickAdd at={asking.at} end={asking.end} onPick={onPick} onClose={() => setAsking(null)} />}
    </div>
  );

  function firstOutput(id: string): { node: string; port: string } | null {
    const node = store.getState().document.nodes[id];
    const port = node && outputsOf(node, library)[0];
    return port ? { node: id, port: port.name } : null;
  }
}

/** The wire under a point of the screen, if there is one near. */
function wireAt(x: number, y: number, edges: Edge[]): Wire | undefined {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest('.react-flow__edge')?.getAttribute('data-id');
    const edge = id ? edges.find((item) => item.id === id) : undefined;
    if (edge?.data) return edge.data as unknown as Wire;
  }
  return undefined;
}
