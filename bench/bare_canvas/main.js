import { ReactFlow, useEdgesState, useNodesState } from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

const { nodes: places, edges: wires } = await (await fetch('./graph.json')).json();
const firstNodes = places.map(({ id, x, y }) => ({ id, position: { x, y }, data: { label: id } }));
const firstEdges = wires.map(([source, target]) => ({ id: `${source}-${target}`, source, target }));

function Bare() {
  const [nodes, , onNodesChange] = useNodesState(firstNodes);
  const [edges, , onEdgesChange] = useEdgesState(firstEdges);
  return createElement(ReactFlow, {
    nodes,
    edges,
    onNodesChange,
    onEdgesChange,
    onlyRenderVisibleElements: true,
    minZoom: 0.05,
    fitView: true,
  });
}

createRoot(document.getElementById('root')).render(createElement(Bare));
