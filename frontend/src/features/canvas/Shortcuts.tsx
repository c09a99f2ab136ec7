import { Kbd, Modal, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useEditor, useView } from '../../editor/Editor';
import { shownShortcut } from './action';
import { ACTIONS } from './actions';

/** All keys, and what the mouse does with them. */
export function Shortcuts() {
  const { t } = useTranslation('canvas');
  const { view, readOnly } = useEditor();
  const opened = useView((state) => state.dialog === 'shortcuts');
  const actions = ACTIONS.filter((action) => !(readOnly && action.changes));
  return (
    <Modal
      opened={opened}
      onClose={() => view.setState({ dialog: null })}
      title={t('shortcuts')}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
    >
      <Table>
        <Table.Tbody>
          {actions.map((action) => (
            <Row key={action.id} label={t(action.label)} keys={action.shortcuts.map(shownShortcut)} />
          ))}
          <Row label={t('keys_nodes')} keys={['Tab', 'Enter']} />
          <Row label={t('keys_move')} keys={['←', '↑', '→', '↓']} />
          <Row label={t('keys_marquee')} keys={[t('keys_shift_drag')]} />
          <Row label={t('keys_multiple')} keys={[t('keys_shift_click')]} />
        </Table.Tbody>
      </Table>
    </Modal>
  );
}

function Row({ label, keys }: { label: string; keys: string[] }) {
  return (
    <Table.Tr>
      <Table.Td>{label}</Table.Td>
      <Table.Td ta="right">
        {keys.map((key) => (
          <Kbd key={key} ml={6}>
            {key}
          </Kbd>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}
