import type { Column, Parameter } from '../../../api/types';
import { useDocument, useView } from '../../../editor/Editor';
import { sourcesOf, splitSource } from '../../../pipeline/document';

/** Columns that the design-time schema knows of the table a parameter chooses from; null where unknown. */
export function useColumns(id: string, parameter: Parameter): Column[] | null {
  const source = useDocument((document) => sourcesOf(document.nodes[id]?.inputs[parameter.port ?? ''])[0]);
  return useView((view) => {
    if (!source) return null;
    const [node, port] = splitSource(source);
    const ports = view.examination?.schemas[node];
    const schema = ports?.[port ?? Object.keys(ports)[0] ?? ''];
    return schema?.kind === 'table' ? (schema.columns as unknown as Column[]) : null;
  });
}
