import { ActionIcon, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { InputPort, OutputPort } from '../../api/types';
import { useDocument, useEditor, useView } from '../../editor/Editor';
import type { PipelineNode } from '../../pipeline/document';
import { connect, disconnect } from '../../pipeline/edits';
import {
  drawnWires,
  type Ends,
  inputsOf,
  type OpenEnd,
  outputsOf,
  possibleWires,
} from '../../pipeline/rules';
import { faceOf } from './face';

/** The wires of the selected node, to be drawn and removed without a mouse. */
export function Connections() {
  const { t } = useTranslation('canvas');
  const { view, library } = useEditor();
  const opened = useView((state) => state.dialog === 'connections');
  const id = useView((state) => [...state.selection][0]);
  const node = useDocument((document) => (id === undefined ? undefined : document.nodes[id]));
  return (
    <Modal
      opened={opened && node !== undefined}
      onClose={() => view.setState({ dialog: null })}
      title={node && t('connections_title', { title: faceOf(node, library).title })}
      closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
      size="lg"
    >
      {opened && node && id !== undefined && <Ports id={id} node={node} />}
    </Modal>
  );
}

function Ports({ id, node }: { id: string; node: PipelineNode }) {
  const { t } = useTranslation('canvas');
  const { library } = useEditor();
  const inputs = inputsOf(node, library);
  const outputs = outputsOf(node, library);
  return (
    <Stack gap="lg">
      {inputs.map((port) => (
        <Port key={port.name} id={id} port={port} side="input" label={t('input', { title: port.title })} />
      ))}
      {outputs.map((port) => (
        <Port key={port.name} id={id} port={port} side="output" label={t('output', { title: port.title })} />
      ))}
    </Stack>
  );
}

interface PortProps {
  id: string;
  port: InputPort | OutputPort;
  side: OpenEnd['side'];
  label: string;
}

function Port({ id, port, side, label }: PortProps) {
  const { t } = useTranslation('canvas');
  const { store, library, readOnly } = useEditor();
  const document = useDocument((state) => state);
  const end: OpenEnd = { node: id, port: port.name, type: port.type, side };
  const drawn = drawnWires(document, library).filter((wire) =>
    side === 'input'
      ? wire.target === id && wire.targetPort === port.name
      : wire.source === id && wire.sourcePort === port.name,
  );
  const possible = possibleWires(document, library, end);
  const names = useFarEndName(side);
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {label}{' '}
        <Text span size="xs" c="var(--text-soft)">
          {port.type}
        </Text>
      </Text>
      {drawn.map((wire) => (
        <Group key={wire.id} gap="xs" justify="space-between" wrap="nowrap">
          <Text size="sm">{names(wire)}</Text>
          {!readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t('disconnect', { name: names(wire) })}
              onClick={() => store.getState().edit('disconnect', (draft) => disconnect(draft, wire))}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!readOnly && (
        <Select
          size="sm"
          searchable
          value={null}
          // Were it disabled once the last wire is drawn, the focus would be lost.
          nothingFoundMessage={t('no_targets')}
          placeholder={t(possible.length === 0 ? 'no_targets' : 'connect_to')}
          aria-label={t('connect_port', { port: label })}
          data={possible.map((ends, index) => ({ value: String(index), label: names(ends) }))}
          onChange={(value) => {
            const ends = possible[Number(value)];
            if (value !== null && ends) {
              store.getState().edit('connect', (draft) => connect(draft, library, ends));
            }
          }}
          data-testid={`connect-${side}-${port.name}`}
        />
      )}
    </Stack>
  );
}

/** Names the other end of a wire: title, id and port. */
function useFarEndName(side: OpenEnd['side']): (ends: Ends) => string {
  const { library } = useEditor();
  const nodes = useDocument((document) => document.nodes);
  return (ends) => {
    const id = side === 'input' ? ends.source : ends.target;
    const name = side === 'input' ? ends.sourcePort : ends.targetPort;
    const node = nodes[id];
    if (!node) return id;
    const ports = side === 'input' ? outputsOf(node, library) : inputsOf(node, library);
    const port = ports.find((item) => item.name === name);
    return `${faceOf(node, library).title} (${id}) · ${port?.title ?? name}`;
  };
}
