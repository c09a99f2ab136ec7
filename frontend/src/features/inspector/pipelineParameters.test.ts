import { produce } from 'immer';
import { describe, expect, test } from 'vitest';
import { parameterOf } from '../../editor/testing';
import { EMPTY_DOCUMENT, type PipelineDocument } from '../../pipeline/document';
import { bind, declareFrom, fits, referenceOf, remove, rename, retype, unbind } from './pipelineParameters';

const FRACTION = parameterOf({ name: 'fraction', kind: 'number', default: 0.5 });

const DOCUMENT: PipelineDocument = {
  ...EMPTY_DOCUMENT,
  parameters: { share: { type: 'float', default: 0.7 } },
  nodes: {
    a: { module: 'split', inputs: {}, params: { fraction: { $parameter: 'share' } } },
    b: { module: 'split', inputs: {}, params: {} },
  },
};

describe('pipeline parameters', () => {
  test.each([
    [{ $parameter: 'share' }, 'share'],
    [{ $parameter: 'share', more: 1 }, null],
    ['share', null],
    [null, null],
    [undefined, null],
  ])('a reference is told from a value', (value, name) => {
    expect(referenceOf(value)).toBe(name);
  });

  test('a whole number may stand in for any number, and text for no number', () => {
    expect(fits(FRACTION, { type: 'int' })).toBe(true);
    expect(fits(FRACTION, { type: 'string' })).toBe(false);
  });

  test('a value becomes a pipeline parameter under a free name', () => {
    const next = produce(DOCUMENT, (draft) => {
      declareFrom(draft, 'b', { ...FRACTION, name: 'share' }, 0.25);
    });
    expect(next.parameters.share_2).toEqual({ type: 'float', default: 0.25 });
    expect(next.nodes.b?.params.share).toEqual({ $parameter: 'share_2' });
  });

  test('an unbound parameter keeps the value', () => {
    const next = produce(DOCUMENT, (draft) => unbind(draft, 'a', FRACTION));
    expect(next.nodes.a?.params).toEqual({ fraction: 0.7 });
  });

  test('a value that equals the default is left out after unbinding', () => {
    const next = produce(DOCUMENT, (draft) => unbind(draft, 'a', { ...FRACTION, default: 0.7 }));
    expect(next.nodes.a?.params).toEqual({});
  });

  test('a new name is taken over by all that use it', () => {
    const next = produce(DOCUMENT, (draft) => {
      bind(draft, 'b', 'fraction', 'share');
      rename(draft, 'share', 'train_share');
    });
    expect(Object.keys(next.parameters)).toEqual(['train_share']);
    expect(next.nodes.a?.params).toEqual({ fraction: { $parameter: 'train_share' } });
    expect(next.nodes.b?.params).toEqual({ fraction: { $parameter: 'train_share' } });
  });

  test('a name that is taken changes nothing', () => {
    const two = produce(DOCUMENT, (draft) => {
      draft.parameters.other = { type: 'int' };
    });
    expect(produce(two, (draft) => rename(draft, 'share', 'other'))).toEqual(two);
  });

  test('another type blanks a default that is not of it', () => {
    const next = produce(DOCUMENT, (draft) => retype(draft, 'share', 'string'));
    expect(next.parameters.share).toEqual({ type: 'string', default: '' });
  });

  test('removing leaves its default with the nodes that used it', () => {
    const next = produce(DOCUMENT, (draft) => remove(draft, 'share'));
    expect(next.parameters).toEqual({});
    expect(next.nodes.a?.params).toEqual({ fraction: 0.7 });
  });
});
