import { Paper, ScrollArea, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useClickOutside } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModuleSpec } from '../../api/types';
import { useEditor } from '../../editor/Editor';
import { typeFits } from '../../pipeline/rules';
import { CategoryIcon } from '../../ui/CategoryIcon';
import classes from './QuickAdd.module.css';

/** The end that a new node must fit. */
export interface OpenEnd {
  node: string;
  port: string;
  type: string;
  side: 'output' | 'input';
}

interface Props {
  at: { x: number; y: number };
  end: OpenEnd;
  onPick: (module: ModuleSpec, port: string) => void;
  onClose: () => void;
}

/** Asks what should stand at the end of a wire; offers only what fits. */
export function QuickAdd({ at, end, onPick, onClose }: Props) {
  const { t } = useTranslation('canvas');
  const { library } = useEditor();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const ref = useClickOutside(onClose);

  const fitting = [...library.modules.values()].flatMap((module) => {
    if (!module.title.toLowerCase().includes(text.toLowerCase())) return [];
    const port =
      end.side === 'output'
        ? module.inputs.find((input) => typeFits(end.type, input.type, library.portTypes))
        : module.outputs.find((output) => typeFits(output.type, end.type, library.portTypes));
    return port ? [{ module, port: port.name }] : [];
  });

  const onKeyDown = (event: React.KeyboardEvent) => {
    const chosen = fitting[active];
    if (event.key === 'Escape') onClose();
    else if (event.key === 'ArrowDown') setActive(Math.min(active + 1, fitting.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key === 'Enter' && chosen) onPick(chosen.module, chosen.port);
    else return;
    event.preventDefault();
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
        <Stack gap={0}>
          {fitting.map(({ module, port }, index) => (
            <UnstyledButton
              key={module.id}
              className={classes.item}
              data-active={index === active || undefined}
              onClick={() => onPick(module, port)}
            >
              <CategoryIcon category={module.category_id} />
              {module.title}
            </UnstyledButton>
          ))}
          {fitting.length === 0 && (
            <Text size="xs" c="var(--text-soft)" p="xs">
              {t('quick_add_none')}
            </Text>
          )}
        </Stack>
      </ScrollArea.Autosize>
    </Paper>
  );
}
