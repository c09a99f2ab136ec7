import { Menu } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditor, useView } from '../../editor/Editor';
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
  const context = { editor, flow };
  const count = useView(({ selection }) => selection.size);
  const actions = ACTIONS.filter(
    (action) => (action.menu === 'both' || action.menu === place.on) && !(action.changes && editor.readOnly),
  );
  return (
    <Menu opened onClose={onClose} position="bottom-start" offset={0} width={320}>
      <Menu.Target>
        <span className={classes.menuAnchor} style={{ left: place.x, top: place.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map((action, at) => (
          <Fragment key={action.id}>
            {at > 0 && actions[at - 1]?.kind !== action.kind && <Menu.Divider />}
            <Menu.Item
              disabled={!canPerform(action, context)}
              rightSection={
                <span className={classes.key}>{action.shortcuts.slice(0, 1).map(shownShortcut)}</span>
              }
              onClick={() => action.perform(context)}
            >
              {t(action.menuLabel?.(context) ?? action.label, { count })}
              {action.hint && <div className={classes.hint}>{t(action.hint, { count })}</div>}
            </Menu.Item>
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
