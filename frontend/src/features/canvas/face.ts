/** How a node is called and drawn, from the library. */
import { moduleIdOf, type PipelineNode } from '../../pipeline/document';
import type { Library } from '../../pipeline/rules';

export function faceOf(node: PipelineNode, library: Library): { title: string; category: string } {
  if (node.dataset) {
    const dataset = library.datasets.get(node.dataset.replace(/@\d+$/, ''));
    return { title: dataset?.title ?? node.dataset, category: 'dataset' };
  }
  const module = library.modules.get(moduleIdOf(node) ?? '');
  return { title: module?.title ?? node.module ?? '', category: module?.category_id ?? '' };
}
