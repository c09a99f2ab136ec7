import { Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { selectNodes, useEditor } from '../../editor/Editor';
import type { PipelineNode } from '../../pipeline/document';
import { renameNode } from '../../pipeline/edits';
import { NodeLimits } from './NodeLimits';

/** What any node has: a comment, an id, whether it takes part and whether its results are reused. */
export function NodeOptions({ id, node }: { id: string; node: PipelineNode }) {
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
      {node.module && <NodeLimits node={node} disabled={readOnly} edit={edit} />}
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
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
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
