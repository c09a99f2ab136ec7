import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { datasetsQuery } from '../../api/queries';
import type { Dataset } from '../../api/types';
import { isStopped, sendFile } from '../../api/upload';
import { notifyFailure } from '../../ui/notify';

export interface Uploads {
  /** The file that is being sent, and how much of it has gone. */
  current: { name: string; share: number } | null;
  start: (files: File[]) => void;
  stop: () => void;
}

/** Sends files one after the other; one that is refused does not hold up the rest. */
export function useUploads(): Uploads {
  const { t } = useTranslation('assets');
  const queries = useQueryClient();
  const [current, setCurrent] = useState<Uploads['current']>(null);
  const abort = useRef<AbortController>(null);
  const upload = useMutation({
    mutationFn: async (files: File[]) => {
      const controller = new AbortController();
      const { signal } = controller;
      abort.current = controller;
      for (const file of files) {
        if (signal.aborted) return;
        const tell = (share: number) => setCurrent({ name: file.name, share });
        tell(0);
        try {
          await sendFile<Dataset>('/api/datasets', file, tell, signal);
          await queries.invalidateQueries({ queryKey: datasetsQuery.queryKey });
        } catch (error) {
          if (!isStopped(error)) notifyFailure(t('upload_failed', { name: file.name }), error);
        }
      }
    },
    onSettled: () => setCurrent(null),
  });
  return {
    current,
    start: (files) => {
      if (files.length > 0 && !upload.isPending) upload.mutate(files);
    },
    stop: () => abort.current?.abort(),
  };
}
