import { Autocomplete, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { JsonValue } from '../../../pipeline/document';
import { ColumnOption } from './ColumnOption';
import type { EditorProps } from './Editor';
import { plainNames, selectionOf } from './selection';
import { useColumns } from './useColumns';

/** One column, by name. */
export function ColumnEditor({ id, parameter, value, onChange, labelId, disabled }: EditorProps) {
  const { t } = useTranslation('inspector');
  const { columns, seenIn } = useColumns(id, parameter);
  const name = nameOf(value);
  if (!columns) {
    return (
      <TextInput
        size="sm"
        aria-labelledby={labelId}
        value={name ?? ''}
        placeholder={t('choose_column')}
        description={t('columns_unknown')}
        inputWrapperOrder={['input', 'description']}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    );
  }
  const names = columns.map((column) => column.name);
  const renderOption = ({ option }: { option: { value: string } }) => (
    <ColumnOption name={option.value} column={columns.find((column) => column.name === option.value)} />
  );
  if (seenIn !== null) {
    // Where the columns may be others by now, any name may be written.
    return (
      <Autocomplete
        size="sm"
        aria-labelledby={labelId}
        value={name ?? ''}
        placeholder={t('choose_column')}
        description={t('columns_seen', { number: seenIn })}
        inputWrapperOrder={['input', 'description']}
        disabled={disabled}
        limit={200}
        data={names}
        renderOption={renderOption}
        onChange={(next) => onChange(next || null)}
      />
    );
  }
  return (
    <Select
      size="sm"
      aria-labelledby={labelId}
      searchable
      clearable={parameter.nullable}
      value={name}
      placeholder={t('choose_column')}
      disabled={disabled}
      limit={200}
      data={name && !names.includes(name) ? [name, ...names] : names}
      renderOption={renderOption}
      onChange={(next) => onChange(next)}
    />
  );
}

function nameOf(value: JsonValue): string | null {
  return plainNames(selectionOf(value))?.[0] ?? null;
}
