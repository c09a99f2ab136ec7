import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { datasetsQuery, modulesQuery, portTypesQuery } from '../api/queries';
import type { Library } from '../pipeline/rules';

/** Modules, datasets and types of ports; null while they are being fetched, or where that failed. */
export function useLibrary(): { library: Library | null; error: Error | null } {
  const [modules, portTypes, datasets] = useQueries({
    queries: [modulesQuery, portTypesQuery, datasetsQuery],
  });
  const library = useMemo(() => {
    if (!modules.data || !portTypes.data || !datasets.data) return null;
    return {
      modules: new Map(modules.data.map((module) => [module.id, module])),
      datasets: new Map(datasets.data.map((dataset) => [dataset.name, dataset])),
      portTypes: portTypes.data,
    };
  }, [modules.data, portTypes.data, datasets.data]);
  return { library, error: modules.error ?? portTypes.error ?? datasets.error };
}
