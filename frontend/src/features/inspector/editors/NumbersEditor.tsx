import { TagsInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { EditorProps } from './Editor';

const SEPARATORS = [';', ' '];

/** A list of numbers, one pill each; the document holds it as text, as in `0.1; 0.25`. */
export function NumbersEditor({ parameter, value, onChange, labelId, disabled }: EditorProps) {
  const { t } = useTranslation('inspector');
  const numbers = typeof value === 'string' ? partsOf(value) : [];
  return (
    <TagsInput
      size="sm"
      aria-labelledby={labelId}
      value={numbers}
      disabled={disabled}
      splitChars={SEPARATORS}
      acceptValueOnBlur
      placeholder={numbers.length === 0 ? t('add_number') : undefined}
      // What is no number is said in words at the field, with the bounds.
      onChange={(next) => onChange(next.length === 0 && parameter.nullable ? null : next.join('; '))}
    />
  );
}

function partsOf(text: string): string[] {
  const parts = text.split(';').map((part) => part.trim());
  // A pill stands for its text: the same number twice is one try.
  return [...new Set(parts.filter((part) => part !== ''))];
}
