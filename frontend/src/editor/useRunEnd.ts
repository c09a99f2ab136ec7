/** Does something when the run that is shown has ended, be it now or before it was opened. */
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { FINAL_RUN } from '../pipeline/runState';
import type { Editor } from './Editor';

export function useRunEnd({ run: live }: Pick<Editor, 'run'>, onEnd: (runId: string) => void): void {
  const ended = useStore(live, ({ run }) => (run && FINAL_RUN.has(run.status) ? run.id : null));
  const latest = useRef(onEnd);
  latest.current = onEnd;
  useEffect(() => {
    if (ended !== null) latest.current(ended);
  }, [ended]);
}
