import { Menu } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import { useEditor } from '../../editor/Editor';
import { shownShortcut } from './action';
import { ACTIONS, canPerform } from './actions';
import classes from './Canvas.module.css';

export interface MenuPlace {
  /** On the screen. */
  x: number;
  y: number;
  on: 'node' | 'canvas';
}

/** The actions for what was clicked. */
export function ContextMenu({ place, onClose }: { place: MenuPlace; onClose: () => void }) {
  const { t } = useTranslation('canvas');
  const editor = useEditor();
  const flow = useReactFlow();
  const actions = ACTIONS.filter(
    (action) => (action.menu === 'both' || action.menu === place.on) && !(action.changes && editor.readOnly),
  );
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={0} width={270}>
      <Menu.Target>
        <span className={classes.menuAnchor} style={{ left: place.x, top: place.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action) => (
          <Menu.Item
            key={action.id}
            disabled={!canPerform(action, { editor, flow })}
            rightSection={
              <span className={classes.key}>{action.shortcuts.slice(0, 1).map(shownShortcut)}</span>
            }
            onClick={() => action.perform({ editor, flow })}
          >
            {t(action.label)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
