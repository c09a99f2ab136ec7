import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditorProps } from './Editor';

/** A number; blank means null where that is a value, and else keeps what was there. */
export function NumberEditor({ parameter, value, onChange, labelId, disabled }: EditorProps) {
  const { t } = useTranslation('inspector');
  // What is typed and is no number yet, such as "-" or nothing.
  const [typed, setTyped] = useState<string | number | null>(null);
  const whole = parameter.kind !== 'number';
  const stored = typeof value === 'number' ? value : '';
  return (
    <NumberInput
      size="sm"
      aria-labelledby={labelId}
      value={typed ?? stored}
      disabled={disabled}
      allowDecimal={!whole}
      step={whole ? 1 : 0.1}
      min={parameter.minimum ?? parameter.exclusive_minimum ?? undefined}
      max={parameter.maximum ?? parameter.exclusive_maximum ?? undefined}
      // Out of bounds is said in words at the field, not silently changed.
      clampBehavior="none"
      placeholder={blankMeaning()}
      onChange={(next) => {
        setTyped(next);
        if (typeof next === 'number') onChange(next);
        else if (next === '' && parameter.nullable) onChange(null);
      }}
      onBlur={() => setTyped(null)}
    />
  );

  function blankMeaning() {
    if (!parameter.nullable) return undefined;
    return t(parameter.kind === 'seed' ? 'blank_random' : 'blank_none');
  }
}
