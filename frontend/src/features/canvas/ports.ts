/** How ports are drawn. */
const COLORS: [prefix: string, color: string][] = [
  ['Table', 'var(--type-table)'],
  ['Transform', 'var(--type-transform)'],
  ['Model', 'var(--type-model)'],
  ['PredictiveModel', 'var(--type-model)'],
  ['ClusterModel', 'var(--type-model)'],
  ['Learner', 'var(--type-learner)'],
];

export function colorOf(type: string, ancestors: Record<string, string[]>): string {
  const names = type.split('|').flatMap((name) => [name, ...(ancestors[name] ?? [])]);
  return COLORS.find(([name]) => names.includes(name))?.[1] ?? 'var(--type-other)';
}

/** Where the middle of a port stands along its edge, in percent. */
export function placeOf(index: number, count: number): string {
  return `${((index + 1) / (count + 1)) * 100}%`;
}
