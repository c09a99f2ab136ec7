import { ActionIcon, Kbd, Modal, Table, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
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
import { useEditor, usePipeline } from '../../editor/Editor';
import { ACTIONS, shownShortcut } from './actions';
import classes from './Canvas.module.css';

const BUTTONS: [id: string, Icon: typeof IconPlus][] = [
  ['edit.undo', IconArrowBackUp],
  ['edit.redo', IconArrowForwardUp],
  ['view.tidy', IconLayoutGrid],
  ['view.zoom_out', IconMinus],
  ['view.zoom_in', IconPlus],
  ['view.fit', IconFocusCentered],
];

export function Toolbar() {
  const { t } = useTranslation('canvas');
  const editor = useEditor();
  const flow = useReactFlow();
  const [opened, { open, close }] = useDisclosure(false);
  usePipeline((state) => state.past.length - state.future.length * 1000); // buttons follow the history
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t('label')}>
      {BUTTONS.map(([id, Icon]) => {
        const action = ACTIONS.find((item) => item.id === id);
        if (!action || (editor.readOnly && action.changes)) return null;
        const shortcut = action.shortcuts[0];
        return (
          <Tooltip
            key={id}
            label={`${t(action.label)}${shortcut ? ` (${shownShortcut(shortcut)})` : ''}`}
            position="top"
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t(action.label)}
              disabled={!action.isEnabled({ editor, flow })}
              onClick={() => action.perform({ editor, flow })}
            >
              <Icon size={17} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        );
      })}
      <Tooltip label={t('shortcuts')} position="top">
        <ActionIcon variant="subtle" color="gray" aria-label={t('shortcuts')} onClick={open}>
          <IconKeyboard size={17} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <Modal opened={opened} onClose={close} title={t('shortcuts')}>
        <Table>
          <Table.Tbody>
            {ACTIONS.map((action) => (
              <Table.Tr key={action.id}>
                <Table.Td>{t(action.label)}</Table.Td>
                <Table.Td ta="right">
                  {action.shortcuts.map((shortcut) => (
                    <Kbd key={shortcut} ml={6}>
                      {shownShortcut(shortcut)}
                    </Kbd>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </div>
  );
}
