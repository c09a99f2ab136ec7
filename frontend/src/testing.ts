import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

// jsdom lays nothing out; components only ask for these.
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => {},
  removeEventListener: () => {},
}));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
Element.prototype.scrollIntoView = () => {};
// CodeMirror and lists that follow a field measure text.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;

Object.defineProperty(document, 'fonts', { value: new EventTarget() });

afterEach(cleanup);
