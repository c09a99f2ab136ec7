import { Select, Switch, TextInput } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Parameter } from '../../../api/types';
import type { JsonValue } from '../../../pipeline/document';
import { Loading } from '../../../ui/Notice';
import { ColumnEditor } from './ColumnEditor';
import { ColumnsEditor } from './ColumnsEditor';
import { NumberEditor } from './NumberEditor';
import { NumbersEditor } from './NumbersEditor';
import { PathEditor } from './PathEditor';
import { SecretEditor } from './SecretEditor';

// CodeMirror is large and few nodes need it.
const ScriptEditor = lazy(() => import('./ScriptEditor'));

export interface EditorProps {
  id: string;
  parameter: Parameter;
  value: JsonValue;
  onChange: (value: JsonValue) => void;
  labelId: string;
  disabled: boolean;
}

/** One editor for each kind of parameter. */
export function Editor(props: EditorProps) {
  switch (props.parameter.kind) {
    case 'integer':
    case 'number':
    case 'seed':
      return <NumberEditor {...props} />;
    case 'numbers':
    case 'integers':
      return <NumbersEditor {...props} />;
    case 'text':
      return <TextEditor {...props} />;
    case 'choice':
      return <ChoiceEditor {...props} />;
    case 'boolean':
      return <BooleanEditor {...props} />;
    case 'column':
      return <ColumnEditor {...props} />;
    case 'columns':
      return <ColumnsEditor {...props} />;
    case 'script':
      return (
        <Suspense fallback={<Loading />}>
          <ScriptEditor {...props} />
        </Suspense>
      );
    case 'path':
      return <PathEditor {...props} />;
    case 'secret':
      return <SecretEditor {...props} />;
  }
}

function TextEditor({ parameter, value, onChange, labelId, disabled }: EditorProps) {
  return (
    <TextInput
      size="sm"
      aria-labelledby={labelId}
      value={typeof value === 'string' ? value : ''}
      disabled={disabled}
      onChange={({ currentTarget: { value: text } }) =>
        onChange(text === '' && parameter.nullable ? null : text)
      }
    />
  );
}

function ChoiceEditor({ parameter, value, onChange, labelId, disabled }: EditorProps) {
  const choices = parameter.choices ?? [];
  return (
    <Select
      size="sm"
      aria-labelledby={labelId}
      value={value === null ? null : String(value)}
      disabled={disabled}
      allowDeselect={parameter.nullable}
      checkIconPosition="right"
      data={choices.map((choice) => ({ value: String(choice.value), label: choice.title }))}
      onChange={(next) =>
        onChange((choices.find((choice) => String(choice.value) === next)?.value ?? null) as JsonValue)
      }
    />
  );
}

function BooleanEditor({ value, onChange, labelId, disabled }: EditorProps) {
  return (
    <Switch
      size="sm"
      aria-labelledby={labelId}
      checked={value === true}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
