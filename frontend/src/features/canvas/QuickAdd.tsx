import { Paper, ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditor } from '../../editor/Editor';
import { DATASET_OUTPUT, type Library, type OpenEnd, takes } from '../../pipeline/rules';
import { CategoryIcon } from '../../ui/CategoryIcon';
import classes from './QuickAdd.module.css';

/** A node to add, and the port of it that takes the wire. */
export interface Added {
  reference: { module: string } | { dataset: string };
  port: string;
}

interface Choice extends Added {
  title: string;
  category: string;
}

/** What can stand at the end of a wire, each with the first of its ports that fits. */
function choicesFor(end: OpenEnd, library: Library): Choice[] {
  const modules = [...library.modules.values()].flatMap(({ id, title, category_id, inputs, outputs }) => {
    const ports = end.side === 'output' ? inputs : outputs;
    const port = ports.find(({ type }) => takes(end, type, library.portTypes));
    return port ? [{ reference: { module: id }, title, category: category_id, port: port.name }] : [];
  });
  if (end.side === 'output' || !takes(end, DATASET_OUTPUT.type, library.portTypes)) return modules;
  const datasets = [...library.datasets.values()].map(({ name, title }) => ({
    reference: { dataset: name },
    title,
    category: 'dataset',
    port: DATASET_OUTPUT.name,
  }));
  return [...datasets, ...modules];
}

interface Props {
  at: { x: number; y: number };
  end: OpenEnd;
  onPick: (added: Added) => void;
  onClose: () => void;
}

/** Asks what should stand at the end of a wire; offers only what fits. */
export function QuickAdd({ at, end, onPick, onClose }: Props) {
  const { t } = useTranslation('canvas');
  const { library } = useEditor();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const ref = useClickOutside(onClose);
  const activeItem = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the active item moves with its number
  useEffect(() => {
    activeItem.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const fitting = choicesFor(end, library).filter(({ title }) =>
    title.toLowerCase().includes(text.toLowerCase()),
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = fitting[active];
    if (event.key === 'Escape') onClose();
    else if (event.key === 'ArrowDown') setActive(Math.min(active + 1, fitting.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter' && chosen) onPick(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <Paper ref={ref} className={classes.popup} style={{ left: at.x, top: at.y }} shadow="md" withBorder>
      <TextInput
        size="xs"
        autoFocus
        value={text}
        placeholder={t('quick_add_search')}
        aria-label={t('quick_add')}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        data-testid="quick-add"
      />
      <ScrollArea.Autosize mah={260} mt={6}>
        {fitting.map((choice, index) => (
          <UnstyledButton
            key={`${choice.category} ${Object.values(choice.reference)}`}
            ref={index === active ? activeItem : undefined}
            className={classes.item}
            data-active={index === active || undefined}
            onClick={() => onPick(choice)}
          >
            <CategoryIcon category={choice.category} />
            {choice.title}
          </UnstyledButton>
        ))}
        {fitting.length === 0 && (
          <Text size="xs" c="var(--text-soft)" p="xs">
            {t('quick_add_none')}
          </Text>
        )}
      </ScrollArea.Autosize>
    </Paper>
  );
}
