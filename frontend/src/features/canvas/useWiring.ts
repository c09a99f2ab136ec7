/** Drawing wires by pointer: what fits, what is refused, and what may stand at a loose end. */
import {
  type Connection,
  type FinalConnectionState,
  type IsValidConnection,
  type OnConnectStart,
  useReactFlow,
} from '@xyflow/react';
import { type RefObject, useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Editor, selectNodes } from '../../editor/Editor';
import type { Position } from '../../pipeline/document';
import { addNode, connect } from '../../pipeline/edits';
import { freePlace, NODE_HEIGHT, NODE_WIDTH } from '../../pipeline/layout';
import { circleOf, type Ends, endsOf, type OpenEnd, openEndOf, refusalOf } from '../../pipeline/rules';
import { notify } from '../../ui/notify';
import type { Added } from './QuickAdd';

/** A wire whose other end was dropped on the empty canvas. */
export interface LooseWire {
  end: OpenEnd;
  /** Where on the screen, relative to the canvas. */
  at: { x: number; y: number };
  /** Where a new node goes. */
  place: Position;
}

const POPUP = { width: 270, height: 330 };

export function useWiring(editor: Editor, box: RefObject<HTMLElement | null>) {
  const { t } = useTranslation('canvas');
  const { store, view, library, readOnly } = editor;
  const flow = useReactFlow();
  const [loose, setLoose] = useState<LooseWire | null>(null);

  const isValidConnection: IsValidConnection = useCallback(
    (connection) => refusalOf(store.getState().document, library, endsOfConnection(connection)) === null,
    [store, library],
  );

  const onConnect = useCallback(
    (connection: Connection) =>
      store.getState().edit('connect', (draft) => connect(draft, library, endsOfConnection(connection))),
    [store, library],
  );

  const onConnectStart: OnConnectStart = useCallback(
    (_, { nodeId, handleId, handleType }) => {
      const { document } = store.getState();
      const side = handleType === 'target' ? 'input' : 'output';
      const end = openEndOf(document, library, nodeId ?? '', handleId ?? '', side);
      view.setState({ wiring: end && { end, circle: circleOf(document, end) } });
    },
    [store, view, library],
  );

  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    const end = view.getState().wiring?.end;
    view.setState({ wiring: null });
    if (state.isValid || !end || readOnly) return;
    if (state.toHandle) {
      const ends = endsOf(end, state.toHandle.nodeId, state.toHandle.id ?? '');
      const refusal = refusalOf(store.getState().document, library, ends);
      if (refusal) notify(t(`refused_${refusal.reason}`, { ...refusal }));
      return;
    }
    const point = 'changedTouches' in event ? event.changedTouches[0] : event;
    const rect = box.current?.getBoundingClientRect();
    if (!point || !rect) return;
    const { x, y } = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    setLoose({
      end,
      at: {
        x: Math.max(Math.min(point.clientX - rect.left, rect.width - POPUP.width), 0),
        y: Math.max(Math.min(point.clientY - rect.top, rect.height - POPUP.height), 0),
      },
      place: [x - NODE_WIDTH / 2, end.side === 'output' ? y : y - NODE_HEIGHT],
    });
  };

  const onPick = ({ reference, port }: Added) => {
    if (!loose) return;
    const id = store.getState().edit('add', (draft) => {
      const added = addNode(draft, reference, freePlace(draft, loose.place));
      connect(draft, library, endsOf(loose.end, added, port));
      return added;
    });
    if (id) selectNodes(editor, [id]);
    setLoose(null);
  };

  const forget = () => setLoose(null);
  return { isValidConnection, onConnect, onConnectStart, onConnectEnd, loose, onPick, forget };
}

function endsOfConnection(
  connection: Pick<Connection, 'source' | 'target'> & {
    sourceHandle?: string | null;
    targetHandle?: string | null;
  },
): Ends {
  const { source, sourceHandle, target, targetHandle } = connection;
  return { source, sourcePort: sourceHandle ?? '', target, targetPort: targetHandle ?? '' };
}
