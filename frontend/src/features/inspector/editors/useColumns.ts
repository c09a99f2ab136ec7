import type { Column, Parameter } from '../../../api/types';
import { useDocument, useView } from '../../../editor/Editor';
import { sourcesOf, splitSource } from '../../../pipeline/document';

/** What is known of the table a parameter chooses from, and by which run where nothing but a run tells it. */
export interface KnownColumns {
  columns: Column[] | null;
  seenIn: number | null;
}

const UNKNOWN: KnownColumns = { columns: null, seenIn: null };

export function useColumns(id: string, parameter: Parameter): KnownColumns {
  const source = useDocument((document) => sourcesOf(document.nodes[id]?.inputs[parameter.port ?? ''])[0]);
  const schema = useView((view) => {
    if (!source) return null;
    const [node, port] = splitSource(source);
    const ports = view.examination?.schemas[node];
    return ports?.[port ?? Object.keys(ports)[0] ?? ''];
  });
  if (schema?.kind !== 'table') return UNKNOWN;
  return {
    columns: schema.columns as unknown as Column[],
    seenIn: typeof schema.seen_in === 'number' ? schema.seen_in : null,
  };
}
