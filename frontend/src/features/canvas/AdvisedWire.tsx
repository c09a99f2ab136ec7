import { Popover, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { useTranslation } from 'react-i18next';
import type { Advice } from '../../api/types';
import { useDocument, useEditor, useView } from '../../editor/Editor';
import { noteOf } from '../../pipeline/advice';
import classes from './Advice.module.css';
import { AdviceCards } from './AdviceCard';
import { useAdviceTexts } from './useAdviceTexts';
import type { FlowEdge } from './useFlowElements';

/** A wire with a mark on it that opens what is doubted about it. */
export function AdvisedWire(props: EdgeProps<FlowEdge>) {
  const [path, x, y] = getBezierPath(props);
  const advice = props.data?.advice ?? [];
  const counts = useDocument((document) => advice.some((one) => noteOf(document, one) === null));
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={props.interactionWidth}
        className={counts ? classes.wire : undefined}
      />
      <EdgeLabelRenderer>
        <Mark
          advice={advice}
          node={props.target}
          input={props.targetHandleId ?? ''}
          counts={counts}
          transform={`translate(-50%, -50%) translate(${x}px, ${y}px)`}
        />
      </EdgeLabelRenderer>
    </>
  );
}

interface MarkProps {
  advice: Advice[];
  node: string;
  input: string;
  counts: boolean;
  transform: string;
}

function Mark({ advice, node, input, counts, transform }: MarkProps) {
  const { t } = useTranslation('advice');
  const { view } = useEditor();
  const textsOf = useAdviceTexts();
  const open = useView(({ openAdvice }) => openAdvice?.node === node && openAdvice.input === input);
  const [first] = advice;
  if (!first) return null;
  const { title, wire } = textsOf(first);
  const close = () => view.setState({ openAdvice: null });
  return (
    <Popover
      opened={open}
      onChange={(opened) => !opened && close()}
      position="right"
      width={360}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={`${classes.mark} nodrag nopan`}
          style={{ transform }}
          data-dismissed={!counts || undefined}
          aria-label={t(counts ? 'mark' : 'mark_dismissed', { title, wire })}
          onClick={(event) => {
            event.stopPropagation();
            view.setState({ openAdvice: open ? null : { node, input } });
          }}
          data-testid={`advice-${node}-${input}`}
        >
          <IconAlertTriangle size={14} aria-hidden />
          {advice.length > 1 && advice.length}
        </UnstyledButton>
      </Popover.Target>
      {/* To React this lies on the wire, which a click would select. */}
      <Popover.Dropdown aria-label={t('about_wire', { wire })} onClick={(event) => event.stopPropagation()}>
        <AdviceCards advice={advice} onDone={close} />
      </Popover.Dropdown>
    </Popover>
  );
}
