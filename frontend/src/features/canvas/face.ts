/** How a node is called and drawn, from the library. */
import { moduleIdOf, type PipelineNode } from '../../pipeline/document';
import { titleOf } from '../../pipeline/names';
import type { Library } from '../../pipeline/rules';

export function faceOf(node: PipelineNode, library: Library): { title: string; category: string } {
  const module = library.modules.get(moduleIdOf(node) ?? '');
  return { title: titleOf(node, library), category: node.dataset ? 'dataset' : (module?.category_id ?? '') };
}
