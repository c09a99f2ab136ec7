import { ActionIcon, Divider, Stack, Switch, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconRotate } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModuleSpec, Parameter } from '../../api/types';
import { selectNodes, useEditor, useProblems, useView } from '../../editor/Editor';
import type { JsonValue, PipelineNode } from '../../pipeline/document';
import { renameNode, setParameter } from '../../pipeline/edits';
import { Editor } from './editors/Editor';
import classes from './Inspector.module.css';
import { currentValue, isShown, written } from './parameters';

interface Props {
  id: string;
  node: PipelineNode;
  module: ModuleSpec | undefined;
}

/** The form of a node, made from the module's declaration. */
export function Parameters({ id, node, module }: Props) {
  const { t } = useTranslation('inspector');
  const shown = module?.parameters.filter((parameter) => isShown(node, module, parameter)) ?? [];
  return (
    <Stack gap="md">
      {module && shown.length === 0 && (
        <Text size="sm" c="var(--text-soft)">
          {t('no_parameters')}
        </Text>
      )}
      {shown.map((parameter) => (
        <Field key={parameter.name} id={id} node={node} parameter={parameter} />
      ))}
      <Divider />
      <NodeFields id={id} node={node} />
    </Stack>
  );
}

function Field({ id, node, parameter }: { id: string; node: PipelineNode; parameter: Parameter }) {
  const { t } = useTranslation('inspector');
  const { store, readOnly } = useEditor();
  const problems = useProblems(id).filter((problem) => problem.key === `params.${parameter.name}`);
  const focused = useView(
    (view) => view.focusedParameter?.node === id && view.focusedParameter.name === parameter.name,
  );
  const box = useRef<HTMLDivElement>(null);
  const labelId = useId();
  useEffect(() => {
    if (focused) box.current?.scrollIntoView({ block: 'center' });
  }, [focused]);

  const change = (value: JsonValue) =>
    store
      .getState()
      .edit(
        `params.${id}.${parameter.name}`,
        (draft) => setParameter(draft, id, parameter.name, written(parameter, value)),
        { merge: true },
      );
  const isSet = node.params[parameter.name] !== undefined;
  return (
    <div
      ref={box}
      className={classes.field}
      data-focused={focused || undefined}
      data-testid={`parameter-${parameter.name}`}
    >
      <div className={classes.label}>
        <span id={labelId}>{parameter.title}</span>
        {parameter.required && <Text c="red">*</Text>}
        {isSet && !readOnly && !parameter.required && (
          <Tooltip label={t('reset')}>
            <ActionIcon
              size="xs"
              variant="subtle"
              color="gray"
              ml="auto"
              aria-label={`${t('reset')}: ${parameter.title}`}
              onClick={() =>
                store.getState().edit('reset', (draft) => setParameter(draft, id, parameter.name, undefined))
              }
            >
              <IconRotate size={13} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      <Editor
        id={id}
        parameter={parameter}
        value={currentValue(node, parameter)}
        onChange={change}
        labelId={labelId}
        disabled={readOnly}
      />
      {problems.map((problem) => (
        <Text key={problem.message} size="xs" c="var(--bad)" mt={4} role="alert">
          {problem.message.replace(/^Node '[^']*': /, '')}
        </Text>
      ))}
      <div className={classes.help}>{parameter.help}</div>
    </div>
  );
}

function NodeFields({ id, node }: { id: string; node: PipelineNode }) {
  const { t } = useTranslation('inspector');
  const { store, readOnly } = useEditor();
  const edit = (label: string, recipe: (target: PipelineNode) => void) =>
    store.getState().edit(
      `${label}.${id}`,
      (draft) => {
        const target = draft.nodes[id];
        if (target) recipe(target);
      },
      { merge: label === 'comment' },
    );
  return (
    <Stack gap="sm">
      <Textarea
        label={t('comment')}
        description={t('comment_hint')}
        autosize
        minRows={1}
        maxRows={6}
        size="sm"
        value={node.comment ?? ''}
        disabled={readOnly}
        onChange={({ currentTarget: { value } }) =>
          edit('comment', (target) => {
            if (value) target.comment = value;
            else delete target.comment;
          })
        }
      />
      <NodeId id={id} />
      <Switch
        size="sm"
        label={t('disabled')}
        checked={node.disabled ?? false}
        disabled={readOnly}
        onChange={({ currentTarget: { checked } }) =>
          edit('disabled', (target) => {
            if (checked) target.disabled = true;
            else delete target.disabled;
          })
        }
      />
      {node.module && (
        <Switch
          size="sm"
          label={t('allow_reuse')}
          checked={node.allow_reuse ?? true}
          disabled={readOnly}
          onChange={({ currentTarget: { checked } }) =>
            edit('reuse', (target) => {
              if (checked) delete target.allow_reuse;
              else target.allow_reuse = false;
            })
          }
        />
      )}
    </Stack>
  );
}

const NODE_ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;

function NodeId({ id }: { id: string }) {
  const { t } = useTranslation('inspector');
  const editor = useEditor();
  const [text, setText] = useState(id);
  const taken = text !== id && text in editor.store.getState().document.nodes;
  const error = !NODE_ID.test(text) ? t('id_wrong') : taken ? t('id_taken') : null;
  const rename = () => {
    if (error || text === id) return setText(id);
    editor.store.getState().edit('rename', (draft) => renameNode(draft, id, text));
    selectNodes(editor, [text]);
  };
  return (
    <TextInput
      label={t('node_id')}
      size="sm"
      ff="monospace"
      value={text}
      error={error}
      disabled={editor.readOnly}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={rename}
      onKeyDown={(event) => {
        if (event.key === 'Enter') rename();
        if (event.key === 'Escape') setText(id);
      }}
    />
  );
}
