import { Divider, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ModuleSpec } from '../../api/types';
import { useProblems } from '../../editor/Editor';
import type { PipelineNode } from '../../pipeline/document';
import { Field } from './Field';
import classes from './Inspector.module.css';
import { NodeOptions } from './NodeOptions';
import { isError, ProblemText } from './ProblemText';
import { isShown } from './parameters';

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
      <OtherProblems id={id} shown={shown.map((parameter) => parameter.name)} />
      {module && shown.length === 0 && (
        <Text size="sm" c="var(--text-soft)">
          {t('no_parameters')}
        </Text>
      )}
      {shown.map((parameter) => (
        <Field key={parameter.name} id={id} node={node} parameter={parameter} />
      ))}
      <Divider />
      <NodeOptions id={id} node={node} />
    </Stack>
  );
}

/** What is wrong with the node and stands at no field: inputs without a wire, parameters that are unknown. */
function OtherProblems({ id, shown }: { id: string; shown: string[] }) {
  const fields = new Set(shown.map((name) => `params.${name}`));
  const problems = useProblems(id).filter(({ key }) => !key || !fields.has(key));
  if (problems.length === 0) return null;
  return (
    <Stack gap={4} className={classes.problems} data-severity={problems.some(isError) ? 'error' : 'warning'}>
      {problems.map((problem) => (
        <ProblemText key={problem.message} problem={problem} />
      ))}
    </Stack>
  );
}
