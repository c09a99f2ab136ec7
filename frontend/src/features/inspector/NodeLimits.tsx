import { NumberInput, SimpleGrid, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PipelineNode } from '../../pipeline/document';

interface Props {
  node: PipelineNode;
  disabled: boolean;
  edit: (label: string, recipe: (target: PipelineNode) => void) => void;
}

type Limit = 'retries' | 'retry_delay' | 'timeout' | 'memory_mb';

const LIMITS: readonly { name: Limit; label: string; min: number; max?: number }[] = [
  { name: 'retries', label: 'retries', min: 0, max: 20 },
  { name: 'retry_delay', label: 'retry_delay', min: 1, max: 86_400 },
  { name: 'timeout', label: 'timeout', min: 1 },
  { name: 'memory_mb', label: 'memory', min: 64 },
];

/** Whether a node is reused, how often it is tried, and what it may use. */
export function NodeLimits({ node, disabled, edit }: Props) {
  const { t } = useTranslation('engine');
  const limits = LIMITS.filter(({ name }) => name !== 'retry_delay' || node.retries);
  return (
    <>
      <Text size="sm" fw={600}>
        {t('options_title')}
      </Text>
      <Switch
        size="sm"
        label={t('always_run')}
        description={t('always_run_hint')}
        checked={node.allow_reuse === false}
        disabled={disabled}
        onChange={({ currentTarget: { checked } }) =>
          edit('reuse', (target) => {
            if (checked) target.allow_reuse = false;
            else delete target.allow_reuse;
          })
        }
      />
      <SimpleGrid cols={2} spacing="sm" verticalSpacing="sm">
        {limits.map(({ name, label, min, max }) => (
          <LimitField
            // An undo changes the value behind the field's back.
            key={`${name} ${node[name] ?? ''}`}
            label={t(label)}
            hint={t(`${label}_hint`)}
            range={[min, max ?? Number.MAX_SAFE_INTEGER]}
            value={node[name]}
            disabled={disabled}
            onChange={(value) =>
              edit(name, (target) => {
                if (value) target[name] = value;
                else delete target[name];
              })
            }
          />
        ))}
      </SimpleGrid>
    </>
  );
}

interface LimitProps {
  label: string;
  hint: string;
  range: [min: number, max: number];
  value: number | undefined;
  disabled: boolean;
  onChange: (value: number | undefined) => void;
}

/** A whole number within bounds, or blank; it counts when the field is left. */
function LimitField({ label, hint, range: [min, max], value, disabled, onChange }: LimitProps) {
  const [typed, setTyped] = useState<number | string>(value ?? '');
  const commit = () => {
    const next = typeof typed === 'number' ? Math.min(Math.max(Math.round(typed), min), max) : undefined;
    if (next !== value) onChange(next);
    setTyped(next ?? '');
  };
  return (
    <NumberInput
      size="xs"
      label={label}
      description={hint}
      // Hints of different lengths would put fields that stand side by side at different heights.
      inputWrapperOrder={['label', 'input', 'description']}
      allowDecimal={false}
      allowNegative={false}
      value={typed}
      disabled={disabled}
      onChange={setTyped}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
