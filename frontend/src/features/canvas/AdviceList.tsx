import { Button, Popover, Stack, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useReactFlow } from '@xyflow/react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Advice } from '../../api/types';
import { useAdvice, useDocument, useEditor } from '../../editor/Editor';
import { inputOf, noteOf, sourceNodesOf } from '../../pipeline/advice';
import classes from './Advice.module.css';
import { useAdviceTexts } from './useAdviceTexts';
import { isAnySeen, showNodes } from './viewport';

/** How much of the pipeline is doubted; each doubt leads to its wire. */
export function AdviceList() {
  const { t } = useTranslation('advice');
  const { store, view } = useEditor();
  const flow = useReactFlow();
  const textsOf = useAdviceTexts();
  const advice = useAdvice();
  const document = useDocument((state) => state);
  const [opened, setOpened] = useState(false);
  if (advice.length === 0) return null;
  const isDismissed = (one: Advice) => noteOf(document, one) !== null;
  const count = advice.filter((one) => !isDismissed(one)).length;
  const show = (one: Advice) => {
    setOpened(false);
    const ids = [...sourceNodesOf(store.getState().document, one), one.node];
    if (!ids.every((id) => isAnySeen(flow, document, [id]))) showNodes(flow, document, ids);
    view.setState({ openAdvice: { node: one.node, input: inputOf(one) } });
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} shadow="md" trapFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={
            <IconAlertTriangle size={14} color={count > 0 ? 'var(--warn)' : undefined} aria-hidden />
          }
          onClick={() => setOpened(!opened)}
          data-testid="advice-list"
          data-count={count}
        >
          {count > 0 ? t('count', { count }) : t('all_dismissed')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list')}>
        <Stack gap={2} className={classes.cards}>
          {[...advice]
            .sort((a, b) => Number(isDismissed(a)) - Number(isDismissed(b)))
            .map((one) => {
              const { title, wire } = textsOf(one);
              return (
                <UnstyledButton
                  key={`${one.code} ${one.node} ${one.key} ${one.column}`}
                  className={classes.item}
                  data-dismissed={isDismissed(one) || undefined}
                  onClick={() => show(one)}
                >
                  {title}
                  <span className={classes.where}>
                    {isDismissed(one) ? t('dismissed_at', { wire }) : wire}
                  </span>
                </UnstyledButton>
              );
            })}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
