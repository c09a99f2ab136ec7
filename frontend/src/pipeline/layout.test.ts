import { describe, expect, it } from 'vitest';
import type { PipelineDocument } from './document';
import { NODE_HEIGHT, NODE_WIDTH, tidyLayout } from './layout';

function documentOf(nodes: Record<string, string | undefined>): PipelineDocument {
  const entries = Object.entries(nodes).map(([id, source]) => [
    id,
    {
      module: 'take_time',
      inputs: source === undefined ? {} : { dataset: source },
    },
  ]);
  return { nodes: Object.fromEntries(entries), layout: {} } as unknown as PipelineDocument;
}

const single = (count: number) =>
  documentOf(Object.fromEntries(Array.from({ length: count }, (_, index) => [`step_${index}`, undefined])));

function extentOf(layout: Record<string, readonly [number, number]>): [number, number] {
  const places = Object.values(layout);
  const spread = (values: number[], size: number) => Math.max(...values) - Math.min(...values) + size;
  return [
    spread(
      places.map(([x]) => x),
      NODE_WIDTH,
    ),
    spread(
      places.map(([, y]) => y),
      NODE_HEIGHT,
    ),
  ];
}

describe('tidyLayout', () => {
  it('puts what feeds above what is fed', () => {
    const { a, b, c } = tidyLayout(documentOf({ a: undefined, b: 'a', c: 'b' }));
    expect([a?.[1], b?.[1], c?.[1]]).toEqual([0, 140, 280]);
    expect(new Set([a?.[0], b?.[0], c?.[0]]).size).toBe(1);
  });

  it('makes rows of many nodes that nothing connects, in the order of the document', () => {
    const layout = tidyLayout(single(400));
    const [width, height] = extentOf(layout);
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(2.5);
    expect(layout.step_0).toEqual([0, 0]);
    expect(layout.step_1).toEqual([280, 0]);
  });

  it('lets no two nodes touch', () => {
    const chains = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`n${index}`, index % 7 === 0 ? undefined : `n${index - 1}`]),
    );
    const places = Object.values(tidyLayout(documentOf(chains)));
    for (const [index, [x, y]] of places.entries()) {
      for (const [otherX, otherY] of places.slice(index + 1)) {
        expect(Math.abs(x - otherX) >= NODE_WIDTH || Math.abs(y - otherY) >= NODE_HEIGHT).toBe(true);
      }
    }
  });

  it('keeps two small parts side by side', () => {
    const { a, c } = tidyLayout(documentOf({ a: undefined, b: 'a', c: undefined, d: 'c' }));
    expect(a?.[1]).toBe(c?.[1]);
  });

  it('lays out nothing as nothing', () => {
    expect(tidyLayout(documentOf({}))).toEqual({});
  });
});
