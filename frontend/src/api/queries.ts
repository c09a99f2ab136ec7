/** Server data that many features read. */
import { queryOptions } from '@tanstack/react-query';
import { api, data } from './client';
import type {
  Dataset,
  Draft,
  DraftSummary,
  ModulePage,
  ModuleSpec,
  PortTypes,
  RunSummary,
  Sample,
  SecretName,
  Session,
} from './types';

const FOREVER = { staleTime: Number.POSITIVE_INFINITY };

export const modulesQuery = queryOptions({
  queryKey: ['modules'],
  queryFn: () => data<ModuleSpec[]>(api.GET('/api/modules')),
  ...FOREVER,
});

export const modulePageQuery = (id: string) =>
  queryOptions({
    queryKey: ['modules', id, 'page'],
    queryFn: () =>
      data<ModulePage>(api.GET('/api/modules/{module_id}/page', { params: { path: { module_id: id } } })),
    ...FOREVER,
  });

export const portTypesQuery = queryOptions({
  queryKey: ['port-types'],
  queryFn: () => data<PortTypes>(api.GET('/api/port-types')),
  ...FOREVER,
});

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => data<Session>(api.GET('/api/session')),
  ...FOREVER,
  retry: false,
});

export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: () => data<Dataset[]>(api.GET('/api/datasets')),
});

export const secretsQuery = queryOptions({
  queryKey: ['secrets'],
  queryFn: () => data<SecretName[]>(api.GET('/api/secrets')),
});

export const samplesQuery = queryOptions({
  queryKey: ['samples'],
  queryFn: () => data<Sample[]>(api.GET('/api/samples')),
  ...FOREVER,
});

export const draftsQuery = queryOptions({
  queryKey: ['drafts'],
  queryFn: () => data<DraftSummary[]>(api.GET('/api/drafts')),
});

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['drafts', id],
    queryFn: () => data<Draft>(api.GET('/api/drafts/{draft_id}', { params: { path: { draft_id: id } } })),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

export const runsQuery = (draftId: string) =>
  queryOptions({
    queryKey: ['runs', { draftId }],
    queryFn: () => data<RunSummary[]>(api.GET('/api/runs', { params: { query: { draft_id: draftId } } })),
  });
