import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  MultiSelect,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
} from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Column } from '../../../api/types';
import classes from '../Inspector.module.css';
import { ColumnOption } from './ColumnOption';
import type { EditorProps } from './Editor';
import {
  countOf,
  jsonOf,
  namesOf,
  plainNames,
  ROLES,
  type Rule,
  type Selection,
  selectionOf,
  TYPES,
} from './selection';
import { useColumns } from './useColumns';

// More names than this are not seen through; rules say it better.
const MOST_NAMES = 200;

/** Several columns, by name or with rules. */
export function ColumnsEditor({ id, parameter, value, onChange, labelId, disabled }: EditorProps) {
  const { t } = useTranslation('inspector');
  const { columns, seenIn } = useColumns(id, parameter);
  const selection = selectionOf(value);
  const names = plainNames(selection);
  const [mode, setMode] = useState<'names' | 'rules'>(names ? 'names' : 'rules');
  const change = (next: Selection) => onChange(jsonOf(next));
  const spelled = names === null && columns ? namesOf(selection, columns) : names;
  const canSpell = spelled !== null && spelled.length <= MOST_NAMES;
  const switchTo = (next: string) => {
    setMode(next === 'names' ? 'names' : 'rules');
    // What the rules take becomes a list of names.
    if (next === 'names' && names === null && spelled) onChange(spelled);
  };
  return (
    <Stack gap={8} role="group" aria-labelledby={labelId}>
      <SegmentedControl
        size="xs"
        value={names ? mode : 'rules'}
        disabled={disabled}
        onChange={switchTo}
        data={[
          { value: 'names', label: t('by_name'), disabled: !canSpell },
          { value: 'rules', label: t('with_rules') },
        ]}
      />
      {names && mode === 'names' ? (
        <Names
          names={names}
          columns={columns}
          isSeen={seenIn !== null}
          onChange={onChange}
          disabled={disabled}
          label={t('choose_columns')}
        />
      ) : (
        <Rules
          selection={selection}
          columns={columns}
          isSeen={seenIn !== null}
          onChange={change}
          disabled={disabled}
        />
      )}
      <Text size="xs" c="var(--text-soft)">
        {columns
          ? t('selected_count', { count: countOf(selection, columns), total: columns.length })
          : t('columns_unknown')}
        {seenIn !== null && ` · ${t('columns_seen', { number: seenIn })}`}
      </Text>
    </Stack>
  );
}

interface NamesProps {
  names: string[];
  columns: Column[] | null;
  /** Whether the columns are those of a run, and may be others by now. */
  isSeen: boolean;
  onChange: (names: string[]) => void;
  disabled: boolean;
  label: string;
}

function Names({ names, columns, isSeen, onChange, disabled, label }: NamesProps) {
  const shared = {
    size: 'sm' as const,
    value: names,
    disabled,
    placeholder: names.length === 0 ? label : '',
    'aria-label': label,
    onChange,
  };
  if (!columns) return <TagsInput {...shared} />;
  const known = columns.map((column) => column.name);
  const renderOption = ({ option }: { option: { value: string } }) => (
    <ColumnOption name={option.value} column={columns.find((column) => column.name === option.value)} />
  );
  if (isSeen) return <TagsInput {...shared} data={known} limit={200} renderOption={renderOption} />;
  return (
    <MultiSelect
      {...shared}
      data={[...new Set([...known, ...names])]}
      searchable
      hidePickedOptions
      limit={200}
      renderOption={renderOption}
    />
  );
}

interface RulesProps {
  selection: Selection;
  columns: Column[] | null;
  isSeen: boolean;
  onChange: (selection: Selection) => void;
  disabled: boolean;
}

function Rules({ selection, columns, isSeen, onChange, disabled }: RulesProps) {
  const { t } = useTranslation('inspector');
  const setRule = (index: number, rule: Rule | null) => {
    const rules = selection.rules.flatMap((item, i) => (i === index ? (rule ? [rule] : []) : [item]));
    onChange({ ...selection, rules });
  };
  const add = () => {
    const op = selection.base === 'all' ? 'exclude' : 'include';
    onChange({ ...selection, rules: [...selection.rules, { op, by: 'names', values: [] }] });
  };
  return (
    <Stack gap={8}>
      <Select
        size="xs"
        label={t('start_with')}
        value={selection.base}
        disabled={disabled}
        allowDeselect={false}
        data={[
          { value: 'all', label: t('all_columns') },
          { value: 'none', label: t('no_columns') },
        ]}
        onChange={(base) => onChange({ ...selection, base: base === 'all' ? 'all' : 'none' })}
      />
      {selection.rules.map((rule, index) => (
        <RuleFields
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no identity but its place
          key={index}
          rule={rule}
          columns={columns}
          isSeen={isSeen}
          disabled={disabled}
          onChange={(next) => setRule(index, next)}
        />
      ))}
      <Group justify="space-between">
        <Button
          size="compact-xs"
          variant="light"
          leftSection={<IconPlus size={13} />}
          onClick={add}
          disabled={disabled}
        >
          {t('add_rule')}
        </Button>
        <Checkbox
          size="xs"
          label={t('keep_order')}
          checked={selection.ordered}
          disabled={disabled}
          onChange={(event) => onChange({ ...selection, ordered: event.currentTarget.checked })}
        />
      </Group>
    </Stack>
  );
}

interface RuleProps {
  rule: Rule;
  columns: Column[] | null;
  isSeen: boolean;
  disabled: boolean;
  onChange: (rule: Rule | null) => void;
}

function RuleFields({ rule, columns, isSeen, disabled, onChange }: RuleProps) {
  const { t } = useTranslation('inspector');
  const label = t(rule.by);
  const wordsOf = ({ by, values }: Rule) =>
    [...new Set([...(by === 'types' ? TYPES : ROLES), ...values.map(String)])].map((word) => ({
      value: word,
      label: t(by === 'types' ? `column_type_${word}` : `role_${word}`, { defaultValue: word }),
    }));
  return (
    <Stack gap={6} className={classes.rule}>
      <Group gap={6} wrap="nowrap">
        <Select
          size="xs"
          aria-label={t('include')}
          value={rule.op}
          allowDeselect={false}
          disabled={disabled}
          data={[
            { value: 'include', label: t('include') },
            { value: 'exclude', label: t('exclude') },
          ]}
          onChange={(op) => onChange({ ...rule, op: op === 'exclude' ? 'exclude' : 'include' })}
        />
        <Select
          size="xs"
          aria-label={t('choose_columns')}
          value={rule.by}
          allowDeselect={false}
          disabled={disabled}
          data={(['names', 'indices', 'types', 'roles'] as const).map((by) => ({ value: by, label: t(by) }))}
          onChange={(by) => onChange({ ...rule, by: (by ?? 'names') as Rule['by'], values: [] })}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('remove_rule')}
          disabled={disabled}
          onClick={() => onChange(null)}
        >
          <IconX size={14} />
        </ActionIcon>
      </Group>
      {rule.by === 'names' && (
        <Names
          names={rule.values.map(String)}
          columns={columns}
          isSeen={isSeen}
          disabled={disabled}
          label={label}
          onChange={(values) => onChange({ ...rule, values })}
        />
      )}
      {rule.by === 'indices' && (
        <TagsInput
          size="sm"
          aria-label={label}
          placeholder={t('indices_hint')}
          value={rule.values.map(String)}
          disabled={disabled}
          onChange={(values) => onChange({ ...rule, values })}
        />
      )}
      {(rule.by === 'types' || rule.by === 'roles') && (
        <MultiSelect
          size="sm"
          aria-label={label}
          value={rule.values.map(String)}
          disabled={disabled}
          data={wordsOf(rule)}
          onChange={(values) => onChange({ ...rule, values })}
        />
      )}
    </Stack>
  );
}
