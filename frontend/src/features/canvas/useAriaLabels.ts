import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** What React Flow tells to screen readers, in the language of the page. */
export function useAriaLabels() {
  const { t } = useTranslation('canvas');
  return useMemo(
    () => ({
      'node.a11yDescription.default': t('aria_node'),
      'node.a11yDescription.keyboardDisabled': t('aria_node'),
      'node.a11yDescription.ariaLiveMessage': ({ x, y }: { x: number; y: number }) =>
        t('aria_moved', { x: Math.round(x), y: Math.round(y) }),
      'edge.a11yDescription.default': t('aria_wire'),
      'minimap.ariaLabel': t('minimap'),
      'handle.ariaLabel': t('port'),
    }),
    [t],
  );
}
