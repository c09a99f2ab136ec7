/** The ways to come by a new draft. Each answers with the draft, ready to be opened. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { api, data } from './client';
import { draftsQuery } from './queries';
import type { Draft } from './types';
import { sendFile } from './upload';

export type DraftOrigin =
  | { kind: 'empty' }
  | { kind: 'sample'; id: string }
  /** The example of a module. */
  | { kind: 'example'; id: string }
  /** A document, or the archive of a model or of an exported pipeline, which carry theirs. */
  | { kind: 'file'; file: File };

function makeDraft(origin: DraftOrigin): Promise<Draft> {
  switch (origin.kind) {
    case 'empty':
      return data<Draft>(api.POST('/api/drafts', { body: {} }));
    case 'sample':
      return data<Draft>(
        api.POST('/api/samples/{sample_id}/open', { params: { path: { sample_id: origin.id } } }),
      );
    case 'example':
      return data<Draft>(
        api.POST('/api/modules/{module_id}/example/open', { params: { path: { module_id: origin.id } } }),
      );
    case 'file':
      return sendFile<Draft>('/api/drafts/files', origin.file, () => {});
  }
}

/** Make a draft and go to it. */
export function useOpenDraft(onError: (error: Error) => void) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: makeDraft,
    onSuccess: (draft) => {
      void queries.invalidateQueries({ queryKey: draftsQuery.queryKey, exact: true });
      void navigate(`/drafts/${draft.id}`);
    },
    onError,
  });
}
