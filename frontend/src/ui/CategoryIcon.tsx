import {
  IconAlertTriangle,
  IconBinaryTree,
  IconBrandPython,
  IconChartDots3,
  IconChartLine,
  IconCircles,
  IconDatabase,
  IconFileImport,
  IconFilter,
  IconPuzzle,
  IconSchool,
  IconSitemap,
  IconSum,
  IconTableOptions,
} from '@tabler/icons-react';

const ICONS: Record<string, typeof IconPuzzle> = {
  dataset: IconDatabase,
  sample: IconSitemap,
  data_input_and_output: IconFileImport,
  data_transformation: IconTableOptions,
  feature_selection: IconFilter,
  statistical_functions: IconSum,
  regression: IconChartLine,
  classification: IconBinaryTree,
  clustering: IconCircles,
  anomaly_detection: IconAlertTriangle,
  model_training: IconSchool,
  model_scoring_and_evaluation: IconChartDots3,
  python_language: IconBrandPython,
};

export function CategoryIcon({ category, className }: { category: string; className?: string }) {
  const Icon = ICONS[category] ?? IconPuzzle;
  return <Icon size={16} stroke={1.6} className={className} aria-hidden />;
}
