import {
  IconAdjustments,
  IconBrain,
  IconFile,
  IconPackage,
  IconReceipt,
  IconTable,
  IconTransform,
} from '@tabler/icons-react';
import type { StoredOutput } from '../api/types';
import { type Library, typeFits } from '../pipeline/rules';

const ICONS = [
  ['Table', IconTable],
  ['Model', IconBrain],
  ['Transform', IconTransform],
  ['Learner', IconAdjustments],
  ['ScriptLearner', IconAdjustments],
  ['File', IconFile],
] as const;

/** What kind of thing an output is: a table, a model, a transformation, a learner, a file, a receipt of what was written. */
export function OutputIcon({ output, library }: { output: StoredOutput; library: Library }) {
  const [type, Known] = ICONS.find(([kind]) => typeFits(output.type, kind, library.portTypes)) ?? [];
  const Icon = isReceipt(output) ? IconReceipt : (Known ?? IconPackage);
  return <Icon size={14} aria-hidden data-type={isReceipt(output) ? 'Receipt' : type} />;
}

/** Whether a file only tells what was written elsewhere. */
function isReceipt({ type, meta }: StoredOutput): boolean {
  return type === 'File' && meta.name === 'receipt.json' && meta.details !== undefined;
}
