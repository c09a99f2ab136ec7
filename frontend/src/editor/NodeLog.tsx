import { Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, data } from '../api/client';
import { FINAL_NODE } from '../pipeline/runState';
import { useLiveRun, useNodeState } from './Editor';
import classes from './NodeLog.module.css';

interface LogPart {
  text: string;
  offset: number;
  complete: boolean;
}

// What a page can show without getting slow; the server keeps all of it.
const SHOWN_CHARACTERS = 300_000;
const NEAR_END_PIXELS = 40;

/** What a node prints: read by offset, as far as the server says that there is more. */
export function NodeLog({ id }: { id: string }) {
  const { t } = useTranslation('inspector');
  const runId = useLiveRun((state) => state.run?.id);
  const { text, failed } = useLog(runId, id);
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    if (text && follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  if (!text) {
    return (
      <Text size="sm" c="var(--text-soft)">
        {t(failed ? 'log_failed' : 'empty_log')}
      </Text>
    );
  }
  return (
    <pre
      ref={box}
      className={classes.log}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      data-testid="log"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PIXELS;
      }}
    >
      {text}
    </pre>
  );
}

interface Reading {
  offset: number;
  begun: boolean;
  complete: boolean;
  busy: boolean;
}

const UNREAD: Reading = { offset: 0, begun: false, complete: false, busy: false };

function useLog(runId: string | undefined, id: string): { text: string; failed: boolean } {
  const status = useNodeState(id)?.status ?? 'waiting';
  const known = useLiveRun((state) => state.logs[id] ?? 0);
  // `round` counts answers: after each, the effect looks whether there is more.
  const [log, setLog] = useState({ text: '', round: 0, failed: false });
  const reading = useRef<Reading>({ ...UNREAD });

  // biome-ignore lint/correctness/useExhaustiveDependencies: another run or node has another log
  useEffect(() => {
    reading.current = { ...UNREAD };
    setLog({ text: '', round: 0, failed: false });
  }, [runId, id]);

  const ended = FINAL_NODE.has(status);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` asks for the next part
  useEffect(() => {
    const at = reading.current;
    if (!runId || status === 'waiting' || at.complete || at.busy) return;
    if (!ended && at.begun && known <= at.offset) return;
    at.busy = true;
    void partOf(runId, id, at.offset)
      .then((part) => {
        at.complete = ended && part.offset <= at.offset;
        at.offset = Math.max(part.offset, at.offset);
        return { text: part.text, failed: false };
      })
      .catch(() => {
        at.complete = ended;
        return { text: '', failed: true };
      })
      .then(({ text, failed }) => {
        at.busy = false;
        at.begun = true;
        if (at !== reading.current) return;
        setLog((before) => ({
          text: (before.text + text).slice(-SHOWN_CHARACTERS),
          round: before.round + 1,
          failed,
        }));
      });
  }, [runId, id, status, ended, known, log.round]);
  return log;
}

function partOf(runId: string, node: string, offset: number): Promise<LogPart> {
  return data<LogPart>(
    api.GET('/api/runs/{run_id}/nodes/{node}/log', {
      params: { path: { run_id: runId, node }, query: { offset } },
    }),
  );
}
