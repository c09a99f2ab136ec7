import { ActionIcon, Button, Menu, Popover } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import {
  IconAlertTriangle,
  IconCheck,
  IconChevronDown,
  IconPlayerPlayFilled,
  IconRefresh,
} from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, api, data } from '../../api/client';
import type { Problem, Run } from '../../api/types';
import { type RunWish, useDocument, useEditor, useView } from '../../editor/Editor';
import type { JsonValue } from '../../pipeline/document';
import { notifyFailure } from '../../ui/notify';
import { ProblemList } from './ProblemList';
import classes from './Runs.module.css';
import { SubmitDialog } from './SubmitDialog';

export interface RunButtonProps {
  draftId: string;
  /** Brings the draft to the server before it runs; false where that failed. */
  save: () => Promise<boolean>;
  onStarted: (run: Run) => void;
}

const NO_PROBLEMS: Problem[] = [];
const EVERYTHING: RunWish = {};

/** Runs the draft, or the part of it that the canvas asks for; problems are listed before anything is submitted. */
export function RunButton({ draftId, save, onStarted }: RunButtonProps) {
  const { t } = useTranslation('runs');
  const { view, store } = useEditor();
  const isEmpty = useDocument((document) => Object.keys(document.nodes).length === 0);
  const problems = useView((state) => state.examination?.problems) ?? NO_PROBLEMS;
  const hasErrors = errorsOf(problems).length > 0;
  const [asking, setAsking] = useState<RunWish | null>(null);
  // `own`: what the draft's examination says; a list: what the server said of a submission.
  const [listed, setListed] = useState<'own' | Problem[] | null>(null);
  const [stops, setStops] = useLocalStorage({ key: 'designer.stop-on-failure', defaultValue: false });
  const submit = useSubmit(draftId, { stops, onStarted, onRefused: setListed });

  const press = useMutation({
    mutationFn: async (wish: RunWish) => {
      if (!(await save())) throw new Error(t('save_first'));
      // What does not take part may be unfinished; of a part, the server says what is wrong.
      const isPart = wish.targets !== undefined || wish.starts !== undefined;
      return isPart || errorsOf(view.getState().examination?.problems ?? NO_PROBLEMS).length === 0;
    },
    onSuccess: (isSound, wish) => {
      if (!isSound) setListed('own');
      else if (Object.keys(store.getState().document.parameters).length > 0) setAsking(wish);
      else submit.mutate({ wish, parameters: {} });
    },
    onError: (error) => notifyFailure(t('submit_failed'), error),
  });
  useWish(press.mutate);

  const shown = listed === 'own' ? problems : (listed ?? NO_PROBLEMS);
  const busy = press.isPending || submit.isPending;
  return (
    <>
      <Popover
        opened={errorsOf(shown).length > 0}
        onChange={(opened) => !opened && setListed(null)}
        position="bottom-end"
        width={400}
        shadow="md"
      >
        <Popover.Target>
          <Button.Group>
            <Button
              size="sm"
              leftSection={hasErrors ? <IconAlertTriangle size={15} /> : <IconPlayerPlayFilled size={14} />}
              disabled={isEmpty}
              loading={busy}
              title={isEmpty ? t('empty') : undefined}
              onClick={() => press.mutate(EVERYTHING)}
              data-testid="run-button"
            >
              {t('run')}
            </Button>
            <MoreWays
              disabled={isEmpty || busy}
              stops={stops}
              onStops={setStops}
              onEverything={() => press.mutate({ force: true })}
            />
          </Button.Group>
        </Popover.Target>
        <Popover.Dropdown>
          <ProblemList problems={shown} onPick={() => setListed(null)} />
        </Popover.Dropdown>
      </Popover>
      {asking && (
        <SubmitDialog
          onClose={() => setAsking(null)}
          onSubmit={(parameters) => {
            setAsking(null);
            submit.mutate({ wish: asking, parameters });
          }}
        />
      )}
    </>
  );
}

/** Takes up what the canvas asks to run. */
function useWish(run: (wish: RunWish) => void): void {
  const { view } = useEditor();
  const wish = useView((state) => state.wish);
  useEffect(() => {
    if (!wish) return;
    view.setState({ wish: null });
    run(wish);
  }, [wish, view, run]);
}

interface MoreWaysProps {
  disabled: boolean;
  stops: boolean;
  onStops: (stops: boolean) => void;
  onEverything: () => void;
}

function MoreWays({ disabled, stops, onStops, onEverything }: MoreWaysProps) {
  const { t } = useTranslation('engine');
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          h="auto"
          size="md"
          variant="filled"
          disabled={disabled}
          aria-label={t('run_menu')}
          data-testid="run-menu"
        >
          <IconChevronDown size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconRefresh size={14} />} onClick={onEverything}>
          {t('run_everything')}
        </Menu.Item>
        <Menu.CheckboxItem
          checked={stops}
          onChange={onStops}
          closeMenuOnClick={false}
          checkIcon={<IconCheck size={14} />}
          classNames={{ itemIndicator: classes.check }}
        >
          {t('stop_on_failure')}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}

function errorsOf(problems: Problem[]): Problem[] {
  return problems.filter((problem) => problem.severity === 'error');
}

interface Submission {
  wish: RunWish;
  parameters: Record<string, JsonValue>;
}

interface Outcome {
  stops: boolean;
  onStarted: (run: Run) => void;
  onRefused: (problems: Problem[]) => void;
}

function useSubmit(draftId: string, { stops, onStarted, onRefused }: Outcome) {
  const { t } = useTranslation('runs');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ wish, parameters }: Submission) => {
      const body = { draft_id: draftId, parameters, ...wish, ...(stops && { stop_on_failure: true }) };
      return data<Run>(api.POST('/api/runs', { body }));
    },
    onSuccess: (started) => {
      onStarted(started);
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.problems.length > 0) onRefused(error.problems);
      else notifyFailure(t('submit_failed'), error);
    },
  });
}
