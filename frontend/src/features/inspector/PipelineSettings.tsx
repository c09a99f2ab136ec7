import { ActionIcon, Button, Group, Select, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDocument, useEditor } from '../../editor/Editor';
import { ParameterValue } from '../../editor/ParameterValue';
import type { PipelineDocument, PipelineParameter } from '../../pipeline/document';
import classes from './Inspector.module.css';
import { declare, PARAMETER_NAME, remove, rename, retype, TYPES, usesOf } from './pipelineParameters';

/** What belongs to the pipeline as a whole: its description and its parameters. */
export function PipelineSettings() {
  const { t } = useTranslation('inspector');
  const { readOnly } = useEditor();
  const description = useDocument((document) => document.description);
  const parameters = useDocument((document) => document.parameters);
  const edit = useEdit();
  return (
    <>
      <div className={classes.head}>
        <Title order={2} size="h6" className={classes.title}>
          {t('pipeline')}
        </Title>
      </div>
      <Stack gap="md" className={classes.body}>
        <Text size="sm" c="var(--text-soft)">
          {t('nothing_text')}
        </Text>
        <Textarea
          label={t('description')}
          autosize
          minRows={2}
          maxRows={10}
          value={description}
          disabled={readOnly}
          onChange={({ currentTarget: { value } }) =>
            edit('description', (draft) => {
              draft.description = value;
            })
          }
        />
        <div>
          <Title order={3} size="h6" mb={4}>
            {t('pipeline_parameters')}
          </Title>
          <Text size="xs" c="var(--text-soft)" mb="sm">
            {t('pipeline_parameters_text')}
          </Text>
          <Stack gap="sm">
            {Object.entries(parameters).map(([name, declared]) => (
              <Declared key={name} name={name} declared={declared} />
            ))}
            {!readOnly && (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPlus size={14} />}
                onClick={() => edit('declare', (draft) => void declare(draft))}
              >
                {t('add_parameter')}
              </Button>
            )}
          </Stack>
        </div>
      </Stack>
    </>
  );
}

function useEdit() {
  const { store } = useEditor();
  return (label: string, recipe: (draft: PipelineDocument) => void) =>
    store.getState().edit(`pipeline.${label}`, recipe, { merge: label !== 'declare' });
}

function Declared({ name, declared }: { name: string; declared: PipelineParameter }) {
  const { t } = useTranslation('inspector');
  const { readOnly } = useEditor();
  const uses = useDocument((document) => usesOf(document, name));
  const edit = useEdit();
  return (
    <Stack gap={6} className={classes.rule} data-testid={`pipeline-parameter-${name}`}>
      <Group gap={6} wrap="nowrap" align="flex-start">
        <Name name={name} />
        <Select
          size="xs"
          w={110}
          aria-label={t('type_of', { name })}
          value={declared.type}
          allowDeselect={false}
          disabled={readOnly}
          data={TYPES.map((type) => ({ value: type, label: t(`type_${type}`) }))}
          onChange={(type) => edit(`type.${name}`, (draft) => retype(draft, name, typeNamed(type)))}
        />
        {!readOnly && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('remove_parameter', { name })}
            onClick={() => edit(`remove.${name}`, (draft) => remove(draft, name))}
          >
            <IconTrash size={15} />
          </ActionIcon>
        )}
      </Group>
      {declared.type !== 'bool' && (
        <Text size="xs" c="var(--text-soft)" aria-hidden>
          {t('default')}
        </Text>
      )}
      <ParameterValue
        label={t('default_of', { name })}
        declared={declared}
        value={declared.default ?? null}
        disabled={readOnly}
        onChange={(value) =>
          edit(`default.${name}`, (draft) => {
            const target = draft.parameters[name];
            if (target) target.default = value;
          })
        }
      />
      <TextInput
        size="xs"
        aria-label={t('description_of', { name })}
        placeholder={t('description')}
        value={declared.description ?? ''}
        disabled={readOnly}
        onChange={({ currentTarget: { value } }) =>
          edit(`about.${name}`, (draft) => {
            const target = draft.parameters[name];
            if (!target) return;
            if (value) target.description = value;
            else delete target.description;
          })
        }
      />
      <Text size="xs" c="var(--text-soft)">
        {t('used_by', { count: uses })}
      </Text>
    </Stack>
  );
}

function typeNamed(text: string | null): PipelineParameter['type'] {
  return TYPES.find((type) => type === text) ?? 'string';
}

function Name({ name }: { name: string }) {
  const { t } = useTranslation('inspector');
  const { store, readOnly } = useEditor();
  const edit = useEdit();
  const [text, setText] = useState(name);
  const taken = text !== name && text in store.getState().document.parameters;
  const error = !PARAMETER_NAME.test(text) ? t('id_wrong') : taken ? t('name_taken') : null;
  const commit = () => {
    if (error || text === name) setText(name);
    else edit(`rename.${name}`, (draft) => rename(draft, name, text));
  };
  return (
    <TextInput
      size="xs"
      style={{ flex: 1 }}
      aria-label={t('parameter_name')}
      value={text}
      error={error}
      disabled={readOnly}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape') setText(name);
      }}
    />
  );
}
