import { NumberInput, Switch, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JsonValue, PipelineParameter } from '../pipeline/document';

interface ValueProps {
  label: string;
  declared: PipelineParameter;
  value: JsonValue;
  disabled: boolean;
  onChange: (value: JsonValue) => void;
}

/** The value of a pipeline parameter, by its type. */
export function ParameterValue({ label, declared, value, disabled, onChange }: ValueProps) {
  const { t } = useTranslation('inspector');
  if (declared.type === 'bool') {
    return (
      <Switch
        size="xs"
        label={t('default')}
        aria-label={label}
        checked={value === true}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (declared.type === 'string') {
    return (
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={t('default')}
        value={typeof value === 'string' ? value : ''}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <NumberInput
      size="xs"
      aria-label={label}
      placeholder={t('default')}
      allowDecimal={declared.type === 'float'}
      value={typeof value === 'number' ? value : ''}
      disabled={disabled}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}
