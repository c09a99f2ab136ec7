/** Which parameters count, and what their values are. */
import type { ModuleSpec, Parameter } from '../../api/types';
import type { JsonValue, PipelineNode } from '../../pipeline/document';
import { referenceOf } from './pipelineParameters';

export function currentValue(node: PipelineNode, parameter: Parameter): JsonValue {
  const value = node.params[parameter.name];
  return value === undefined ? ((parameter.default ?? null) as JsonValue) : value;
}

/** Whether the conditions of a parameter hold: of several, one must. */
export function isShown(node: PipelineNode, module: ModuleSpec, parameter: Parameter): boolean {
  const conditions = Array.isArray(parameter.when) ? parameter.when : [parameter.when ?? {}];
  return conditions.some((condition) => holds(node, module, condition));
}

function holds(node: PipelineNode, module: ModuleSpec, condition: Record<string, unknown[]>): boolean {
  return Object.entries(condition).every(([name, allowed]) => {
    const other = module.parameters.find((item) => item.name === name);
    if (!other) return false;
    const value = currentValue(node, other);
    // A value that is set at submission may be any.
    return referenceOf(value) !== null || (allowed as JsonValue[]).includes(value);
  });
}

/** A value to write: what equals the default is left out of the document. */
export function written(parameter: Parameter, value: JsonValue): JsonValue | undefined {
  return JSON.stringify(value) === JSON.stringify(parameter.default ?? null) ? undefined : value;
}
