import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconFocusCentered,
  IconKeyboard,
  IconLayoutGrid,
  IconMinus,
  IconPlus,
} from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { useDocument, useEditor, usePipeline } from '../../editor/Editor';
import { shownShortcut } from './action';
import { actionCalled, canPerform } from './actions';
import classes from './Canvas.module.css';

const BUTTONS: [id: string, Icon: typeof IconPlus][] = [
  ['edit.undo', IconArrowBackUp],
  ['edit.redo', IconArrowForwardUp],
  ['view.tidy', IconLayoutGrid],
  ['view.zoom_out', IconMinus],
  ['view.zoom_in', IconPlus],
  ['view.fit', IconFocusCentered],
  ['help.shortcuts', IconKeyboard],
];

export function Toolbar() {
  const { t } = useTranslation('canvas');
  const editor = useEditor();
  const flow = useReactFlow();
  // What the buttons' `isEnabled` looks at.
  usePipeline((state) => state.past.length > 0);
  usePipeline((state) => state.future.length > 0);
  useDocument((document) => Object.keys(document.nodes).length > 0);
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t('toolbar')}>
      {BUTTONS.map(([id, Icon]) => {
        const action = actionCalled(id);
        if (!action || (editor.readOnly && action.changes)) return null;
        const label = t(action.label);
        const shortcut = action.shortcuts[0];
        return (
          <Tooltip key={id} label={shortcut ? `${label} (${shownShortcut(shortcut)})` : label} position="top">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={label}
              disabled={!canPerform(action, { editor, flow })}
              onClick={() => action.perform({ editor, flow })}
            >
              <Icon size={17} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        );
      })}
    </div>
  );
}
