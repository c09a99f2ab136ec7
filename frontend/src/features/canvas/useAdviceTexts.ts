/** Words for an advice: nodes by their titles, everything in the language of the page. */
import { useTranslation } from 'react-i18next';
import type { Advice } from '../../api/types';
import { useDocument, useEditor } from '../../editor/Editor';
import { sourceNodesOf } from '../../pipeline/advice';
import { faceOf } from './face';

export interface AdviceTexts {
  title: string;
  text: string;
  repair: string | null;
  /** Between which nodes the wire is. */
  wire: string;
}

export function useAdviceTexts(): (advice: Advice) => AdviceTexts {
  const { t } = useTranslation('advice');
  const { library } = useEditor();
  const document = useDocument((state) => state);
  const titles = Object.entries(document.nodes).map(
    ([id, node]) => [id, faceOf(node, library).title] as const,
  );
  const titleOf = (id: string): string => {
    const title = titles.find(([other]) => other === id)?.[1];
    const isShared = titles.filter(([, other]) => other === title).length > 1;
    return title === undefined ? id : isShared ? `${title} (${id})` : title;
  };
  return (advice) => {
    const nodes = Object.entries(advice.nodes ?? {}).map(([part, id]) => [part, titleOf(id)] as const);
    const words = { ...advice.values, ...Object.fromEntries(nodes) };
    const variant = variantOf(advice);
    return {
      title: t(`title_${advice.code}`, words),
      text: t(`text_${advice.code}${variant && `_${variant}`}`, words),
      repair: advice.repair ? t(`repair_${advice.repair.kind}`, words) : null,
      wire: t('wire', {
        source: sourceNodesOf(document, advice).map(titleOf).join(', '),
        target: titleOf(advice.node),
      }),
    };
  };
}

/** Which of several texts a code has. */
function variantOf({ code, nodes, values }: Advice): string {
  switch (code) {
    case 'fitted_before_split':
      return nodes?.split === undefined ? 'elsewhere' : String(values?.learnt);
    case 'fitted_before_folds':
      return String(values?.learnt);
    case 'label_determined':
      return String(values?.how);
    case 'same_rows':
      return values?.without ? 'but' : 'whole';
    default:
      return '';
  }
}
