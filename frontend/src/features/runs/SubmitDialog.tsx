import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDocument } from '../../editor/Editor';
import { ParameterValue } from '../../editor/ParameterValue';
import type { JsonValue } from '../../pipeline/document';

interface Props {
  onSubmit: (values: Record<string, JsonValue>) => void;
  onClose: () => void;
}

/** Asks for the values of the pipeline's parameters; their defaults stand there already. */
export function SubmitDialog({ onSubmit, onClose }: Props) {
  const { t } = useTranslation('runs');
  const declared = useDocument((document) => document.parameters);
  // Only what was changed here: the rest is the pipeline's own default.
  const [changed, setChanged] = useState<Record<string, JsonValue>>({});
  return (
    <Modal
      closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
      opened
      onClose={onClose}
      title={t('submit_title')}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(changed);
        }}
      >
        <Stack gap="md">
          {Object.entries(declared).map(([name, parameter]) => (
            <div key={name} data-testid={`submit-${name}`}>
              <Text size="sm" fw={550}>
                {name}
              </Text>
              {parameter.description && (
                <Text size="xs" c="var(--text-soft)">
                  {parameter.description}
                </Text>
              )}
              <ParameterValue
                label={name}
                declared={parameter}
                value={changed[name] ?? parameter.default ?? null}
                disabled={false}
                onChange={(value) => setChanged({ ...changed, [name]: value })}
              />
            </div>
          ))}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('cancel', { ns: 'app' })}
            </Button>
            <Button type="submit" data-testid="submit-run">
              {t('run')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
