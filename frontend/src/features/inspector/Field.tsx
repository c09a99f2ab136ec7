import { ActionIcon, Badge, Group, Menu, Text, Tooltip } from '@mantine/core';
import { IconRotate, IconVariable, IconVariableOff } from '@tabler/icons-react';
import { useEffect, useId, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Parameter } from '../../api/types';
import { useDocument, useEditor, useProblems, useView } from '../../editor/Editor';
import type { JsonValue, PipelineDocument, PipelineNode } from '../../pipeline/document';
import { setParameter } from '../../pipeline/edits';
import { Editor } from './editors/Editor';
import classes from './Inspector.module.css';
import { isError, ProblemText } from './ProblemText';
import { currentValue, written } from './parameters';
import { bind, declareFrom, fits, referenceOf, unbind } from './pipelineParameters';

interface Props {
  id: string;
  node: PipelineNode;
  parameter: Parameter;
}

/** One parameter: its editor, what is wrong with it, and where its value comes from. */
export function Field({ id, node, parameter }: Props) {
  const { store, readOnly } = useEditor();
  const problems = useProblems(id).filter((problem) => problem.key === `params.${parameter.name}`);
  const { box, isFocused } = useReveal(id, parameter.name);
  const labelId = useId();
  const bound = referenceOf(node.params[parameter.name]);
  const change = (value: JsonValue) =>
    store
      .getState()
      .edit(
        `params.${id}.${parameter.name}`,
        (draft) => setParameter(draft, id, parameter.name, written(parameter, value)),
        { merge: true },
      );
  return (
    <div
      className={classes.field}
      data-focused={isFocused || undefined}
      data-testid={`parameter-${parameter.name}`}
    >
      <div className={classes.label}>
        <span id={labelId}>{parameter.title}</span>
        {parameter.required && (
          <Text c="var(--bad)" aria-hidden>
            *
          </Text>
        )}
        {!readOnly && <FieldActions id={id} node={node} parameter={parameter} bound={bound} />}
      </div>
      <div ref={box} data-invalid={problems.some(isError) || undefined} className={classes.editor}>
        {bound === null ? (
          <Editor
            id={id}
            parameter={parameter}
            value={currentValue(node, parameter)}
            onChange={change}
            labelId={labelId}
            disabled={readOnly}
          />
        ) : (
          <Bound name={bound} labelId={labelId} />
        )}
      </div>
      {problems.map((problem) => (
        <ProblemText key={problem.message} problem={problem} help={parameter.help} mt={4} />
      ))}
      <div className={classes.help}>{parameter.help}</div>
    </div>
  );
}

/** Scrolls to the field and puts the cursor there when an error or a problem points at it, until it is left. */
function useReveal(id: string, name: string) {
  const { view } = useEditor();
  const target = useView((view) => view.focusedParameter);
  const isFocused = target?.node === id && target.name === name;
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: pointing anew makes a new target
  useEffect(() => {
    const place = box.current;
    if (!isFocused || !place) return;
    place.scrollIntoView({ block: 'center' });
    place
      .querySelector<HTMLElement>('input:not([type=hidden]), textarea, [contenteditable], button')
      ?.focus({ preventScroll: true });
    const leave = () => view.setState({ focusedParameter: null });
    place.addEventListener('focusout', leave);
    return () => place.removeEventListener('focusout', leave);
  }, [isFocused, target]);
  return { box, isFocused };
}

function Bound({ name, labelId }: { name: string; labelId: string }) {
  const { t } = useTranslation('inspector');
  const declared = useDocument((document) => document.parameters[name]);
  return (
    <Group gap={8} role="group" aria-labelledby={labelId}>
      <Badge variant="light" tt="none" leftSection={<IconVariable size={12} />}>
        {name}
      </Badge>
      <Text size="xs" c="var(--text-soft)">
        {declared ? t('default_is', { value: String(declared.default ?? '–') }) : t('parameter_missing')}
      </Text>
    </Group>
  );
}

function FieldActions({ id, node, parameter, bound }: Props & { bound: string | null }) {
  const { t } = useTranslation('inspector');
  const { store } = useEditor();
  const edit = (label: string, recipe: (draft: PipelineDocument) => void) =>
    store.getState().edit(label, recipe);
  const isSet = node.params[parameter.name] !== undefined;
  return (
    <Group gap={2} ml="auto" wrap="nowrap">
      {isSet && bound === null && !parameter.required && (
        <Tooltip label={t('reset')}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={`${t('reset')}: ${parameter.title}`}
            onClick={() => edit('reset', (draft) => setParameter(draft, id, parameter.name, undefined))}
          >
            <IconRotate size={13} />
          </ActionIcon>
        </Tooltip>
      )}
      {bound === null ? (
        <BindMenu id={id} node={node} parameter={parameter} />
      ) : (
        <Tooltip label={t('unbind')}>
          <ActionIcon
            size="sm"
            variant="subtle"
            color="gray"
            aria-label={`${t('unbind')}: ${parameter.title}`}
            onClick={() => edit('unbind', (draft) => unbind(draft, id, parameter))}
          >
            <IconVariableOff size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

function BindMenu({ id, node, parameter }: Props) {
  const { t } = useTranslation('inspector');
  const { store } = useEditor();
  const declared = useDocument((document) => document.parameters);
  const fitting = Object.keys(declared).filter((name) => {
    const found = declared[name];
    return found !== undefined && fits(parameter, found);
  });
  const edit = (recipe: (draft: PipelineDocument) => void) => store.getState().edit('bind', recipe);
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Tooltip label={t('bind')}>
          <ActionIcon size="sm" variant="subtle" color="gray" aria-label={`${t('bind')}: ${parameter.title}`}>
            <IconVariable size={14} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('bind')}</Menu.Label>
        {fitting.map((name) => (
          <Menu.Item key={name} onClick={() => edit((draft) => bind(draft, id, parameter.name, name))}>
            {name}
          </Menu.Item>
        ))}
        {fitting.length > 0 && <Menu.Divider />}
        <Menu.Item
          onClick={() =>
            edit((draft) => void declareFrom(draft, id, parameter, currentValue(node, parameter)))
          }
        >
          {t('new_parameter')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
