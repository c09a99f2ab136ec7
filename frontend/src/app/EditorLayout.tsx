import { ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { useOpenDraft } from '../api/openDraft';
import { selectNodes, useEditor, useView } from '../editor/Editor';
import { Canvas } from '../features/canvas/Canvas';
import { Inspector } from '../features/inspector/Inspector';
import { DRAG_TYPE, type Dragged } from '../features/palette/dragging';
import { Palette } from '../features/palette/Palette';
import { ResultsDrawer } from '../features/results/ResultsDrawer';
import { addNode } from '../pipeline/edits';
import { NODE_HEIGHT, NODE_WIDTH, placeBelow } from '../pipeline/layout';
import { notifyFailure } from '../ui/notify';
import classes from './EditorLayout.module.css';

/** Library, canvas, form and results in their places. */
export function EditorLayout() {
  return (
    <ReactFlowProvider>
      <Panels />
    </ReactFlowProvider>
  );
}

function Panels() {
  const editor = useEditor();
  const flow = useReactFlow();
  const { t } = useTranslation('palette');
  const isOpen = useView((view) => view.openOutput !== null);
  const open = useOpenDraft((error) => notifyFailure(t('sample_failed'), error));
  const openSample = (id: string) => open.mutate({ kind: 'sample', id });

  const addInTheMiddle = (item: Dragged) => {
    const box = document.querySelector('.react-flow')?.getBoundingClientRect();
    const middle = box ? { x: box.x + box.width / 2, y: box.y + box.height / 3 } : { x: 0, y: 0 };
    const { x, y } = flow.screenToFlowPosition(middle);
    const id = editor.store
      .getState()
      .edit('add', (draft) =>
        addNode(draft, item, placeBelow(draft, [x - NODE_WIDTH / 2, y - NODE_HEIGHT / 2])),
      );
    if (id) selectNodes(editor, [id]);
  };

  return (
    <div className={classes.layout} data-readonly={editor.readOnly || undefined}>
      {!editor.readOnly && <Palette onAdd={addInTheMiddle} onOpenSample={openSample} />}
      <div className={classes.middle} data-results={isOpen || undefined}>
        <Canvas readDrag={readDrag} />
        {isOpen && (
          <div className={classes.results}>
            <ResultsDrawer />
          </div>
        )}
      </div>
      <Inspector />
    </div>
  );
}

function readDrag(transfer: DataTransfer): Dragged | null {
  const text = transfer.getData(DRAG_TYPE);
  return text ? (JSON.parse(text) as Dragged) : null;
}
