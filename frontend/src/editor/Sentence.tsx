import { Fragment, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Explanation } from '../api/types';
import { documentOf } from '../pipeline/document';
import { inKeepingWith, sentenceOf } from '../pipeline/explanation';
import { type Names, titlesIn } from '../pipeline/names';
import { useDocument, useEditor, useLiveRun, useNodeState, useProblems, useView } from './Editor';
import { useSaying } from './useSaying';

/** Stands on both sides of a name; no text that people write holds it. */
const MARK = '\uE000';
const marked = (name: string) => `${MARK}${name}${MARK}`;

/** Why a node runs or is reused, with names in bold. */
export function Sentence({ explanation }: { explanation: Explanation }) {
  const { t } = useTranslation('engine');
  const names = useNames();
  const parts = sentenceOf(useInOwnWords(explanation), { t, names, quote: marked }).split(MARK);
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence have no other name
    <Fragment key={at}>{at % 2 === 1 ? <b>{part}</b> : part}</Fragment>
  ));
}

/** What stands in a node's way is said as its form says it, where that is known. */
function useInOwnWords(explanation: Explanation): Explanation {
  const { problem } = explanation;
  const found = useProblems(explanation.node).find(({ message }) => problem && message.endsWith(problem));
  const saying = useSaying();
  return found ? { ...explanation, problem: saying.problem(found).message } : explanation;
}

/** What things are called, as the canvas shows them; what was deleted since the run is called as it was there. */
export function useNames(): Names {
  const { library } = useEditor();
  const nodes = useDocument((document) => document.nodes);
  const ran = useLiveRun(({ run }) => run?.document);
  return useMemo(
    () => titlesIn(library, ran ? [nodes, documentOf(ran).nodes] : [nodes]),
    [library, nodes, ran],
  );
}

/** Why a node is where it is in the run that is shown; nothing until that is known of its newest state. */
export function useReason(id: string): Explanation | null {
  const status = useNodeState(id)?.status;
  const explanation = useView((view) => view.explanations[id]);
  return useMemo(
    () => (explanation && status ? inKeepingWith(explanation, status) : null),
    [explanation, status],
  );
}
