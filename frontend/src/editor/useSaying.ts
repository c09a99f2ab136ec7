import { useTranslation } from 'react-i18next';
import type { Failure, Problem } from '../api/types';
import { AS_WRITTEN } from '../pipeline/names';
import { type Said, sayFailure, sayProblem, sayProblemOfNode, type Texts } from '../pipeline/saying';
import { useNames } from './Sentence';

export interface Saying {
  problem: (problem: Problem) => Said;
  /** With the node that it is about. */
  problemOfNode: (problem: Problem) => Said;
  failure: (failure: Failure, node: string) => Said;
}

/** Says what is wrong as the page calls things. */
export function useSaying(): Saying {
  const names = useNames();
  const texts = useTexts();
  return {
    problem: (problem) => sayProblem(problem, names, texts),
    problemOfNode: (problem) => sayProblemOfNode(problem, names, texts),
    failure: (failure, node) => sayFailure(failure, node, names, texts),
  };
}

/** Says it where there is no pipeline on the page: things are called as they are written. */
export function useSayingAsWritten(): (problem: Problem) => Said {
  const texts = useTexts();
  return (problem) => sayProblemOfNode(problem, AS_WRITTEN, texts);
}

function useTexts(): Texts {
  const { t, i18n } = useTranslation(['problems', 'failures']);
  return {
    t: (key, values) => String(t(key as never, values as never)),
    has: (key) => i18n.exists(key),
    isEnglish: i18n.language.startsWith('en'),
  };
}
