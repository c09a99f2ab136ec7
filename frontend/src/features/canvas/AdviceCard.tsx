import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Advice } from '../../api/types';
import { selectNodes, useDocument, useEditor } from '../../editor/Editor';
import { addedBy, applyRepair, canRepair, dismiss, noteOf, recall } from '../../pipeline/advice';
import { notify } from '../../ui/notify';
import classes from './Advice.module.css';
import type { ActionContext } from './action';
import { type AdviceTexts, useAdviceTexts } from './useAdviceTexts';
import { areWhollySeen, showNodes } from './viewport';

/** What is doubted about a wire, and what can be done: mend it, or let it stand with a note. */
export function AdviceCards({ advice, onDone }: { advice: Advice[]; onDone: () => void }) {
  const textsOf = useAdviceTexts();
  return (
    <Stack gap="sm" className={classes.cards} data-testid="advice-card">
      {advice.map((one) => (
        <Card key={`${one.code} ${one.column}`} advice={one} texts={textsOf(one)} onDone={onDone} />
      ))}
    </Stack>
  );
}

interface CardProps {
  advice: Advice;
  texts: AdviceTexts;
  onDone: () => void;
}

function Card({ advice, texts, onDone }: CardProps) {
  const { t } = useTranslation('advice');
  const editor = useEditor();
  const flow = useReactFlow();
  const note = useDocument((document) => noteOf(document, advice));
  const [writing, setWriting] = useState(false);
  const { store, readOnly } = editor;
  return (
    <Stack gap={8} className={classes.card}>
      <Text size="sm" fw={650}>
        {texts.title}
      </Text>
      <Text size="sm">{texts.text}</Text>
      {note !== null && (
        <div className={classes.note} data-testid="advice-note">
          {note ? t('dismissed_because', { note }) : t('dismissed')}
        </div>
      )}
      {!readOnly && !writing && (
        <Group gap="xs">
          {note === null && texts.repair && (
            <Button
              size="xs"
              onClick={() => perform({ editor, flow }, advice, t, onDone)}
              data-testid="advice-repair"
            >
              {texts.repair}
            </Button>
          )}
          {note === null ? (
            <Button size="xs" variant="default" onClick={() => setWriting(true)} data-testid="advice-dismiss">
              {t('dismiss')}
            </Button>
          ) : (
            <Button
              size="xs"
              variant="default"
              onClick={() => store.getState().edit('recall', (draft) => recall(draft, advice))}
              data-testid="advice-recall"
            >
              {t('recall')}
            </Button>
          )}
        </Group>
      )}
      {writing && (
        <NoteForm
          onCancel={() => setWriting(false)}
          onSave={(text) => {
            store.getState().edit('dismiss', (draft) => dismiss(draft, advice, text));
            setWriting(false);
            onDone();
          }}
        />
      )}
    </Stack>
  );
}

const LONGEST_NOTE = 2000;

function NoteForm({ onSave, onCancel }: { onSave: (note: string) => void; onCancel: () => void }) {
  const { t } = useTranslation('advice');
  const [note, setNote] = useState('');
  return (
    <Stack gap="xs">
      <Textarea
        size="sm"
        label={t('note')}
        description={t('note_help')}
        autosize
        minRows={2}
        maxRows={6}
        maxLength={LONGEST_NOTE}
        data-autofocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        data-testid="advice-note-field"
      />
      <Group gap="xs">
        <Button size="xs" onClick={() => onSave(note)} data-testid="advice-dismiss-save">
          {t('dismiss')}
        </Button>
        <Button size="xs" variant="default" onClick={onCancel}>
          {t('keep')}
        </Button>
      </Group>
    </Stack>
  );
}

function perform(
  { editor, flow }: ActionContext,
  advice: Advice,
  t: (key: string) => string,
  onDone: () => void,
): void {
  const { store, view } = editor;
  const { repair } = advice;
  if (!repair) return;
  if (!canRepair(store.getState().document, repair)) {
    notify(t('out_of_date'));
    return;
  }
  store.getState().edit('repair', (draft) => applyRepair(draft, repair));
  // What is left to be said comes with the next answer of the server.
  const { examination } = view.getState();
  if (examination) {
    const others = examination.advice.filter((one) => one !== advice);
    view.setState({ examination: { ...examination, advice: others } });
  }
  const added = addedBy(repair);
  const { document } = store.getState();
  selectNodes(editor, added);
  if (!areWhollySeen(flow, document, added)) {
    const changed = repair.changes.map((change) => change.node).filter((id) => id in document.nodes);
    showNodes(flow, document, changed);
  }
  notify(t('repaired'));
  onDone();
}
