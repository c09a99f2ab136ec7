import { describe, expect, test } from 'vitest';
import type { ModuleSpec } from '../api/types';
import { EMPTY_DOCUMENT, freeNodeId, type PipelineDocument, wiresOf } from './document';
import {
  addNode,
  connect,
  copyNodes,
  disconnect,
  insertOnWire,
  pasteNodes,
  removeNodes,
  renameNode,
} from './edits';
import { tidyLayout } from './layout';
import { type Library, refusalOf } from './rules';
import { createPipelineStore } from './store';

function spec(id: string, inputs: [string, string, boolean?][], outputs: [string, string][]): ModuleSpec {
  const port = { help: '', form: 'value' as const };
  return {
    id,
    version: 1,
    title: id,
    category: '',
    category_id: '',
    summary: '',
    description: '',
    deterministic: true,
    parameters: [],
    inputs: inputs.map(([name, type, multiple = false]) => ({
      ...port,
      name,
      title: name,
      type,
      multiple,
      required: true,
    })),
    outputs: outputs.map(([name, type]) => ({ ...port, name, title: name, type })),
  };
}

const MODULES = [
  spec(
    'clean',
    [['dataset', 'Table']],
    [
      ['cleaned', 'Table'],
      ['transform', 'Transform'],
    ],
  ),
  spec('learner', [], [['untrained', 'Regressor']]),
  spec(
    'train',
    [
      ['learner', 'Learner'],
      ['dataset', 'Table'],
    ],
    [['model', 'Model']],
  ),
  spec('stack', [['tables', 'Table', true]], [['table', 'Table']]),
];

const library: Library = {
  modules: new Map(MODULES.map((module) => [module.id, module])),
  datasets: new Map(),
  portTypes: { Regressor: ['Learner'], Table: [], Transform: [], Model: [], Learner: [] },
};

function sample(): PipelineDocument {
  return {
    ...structuredClone(EMPTY_DOCUMENT),
    nodes: {
      cars: { dataset: 'cars', inputs: {}, params: {} },
      clean: { module: 'clean', inputs: { dataset: 'cars' }, params: {} },
      learner: { module: 'learner', inputs: {}, params: {} },
      train: { module: 'train', inputs: { learner: 'learner', dataset: 'clean.cleaned' }, params: {} },
    },
    layout: { cars: [0, 0], clean: [0, 100] },
  };
}

describe('rules', () => {
  test('a wire fits a type that the output also counts as', () => {
    const ends = { source: 'learner', sourcePort: 'untrained', target: 'train', targetPort: 'learner' };
    const document = sample();
    disconnect(document, { ...ends, sourcePort: null });
    expect(refusalOf(document, library, ends)).toBeNull();
  });

  test.each([
    [{ source: 'clean', sourcePort: 'transform', target: 'train', targetPort: 'dataset' }, 'type'],
    [{ source: 'clean', sourcePort: 'cleaned', target: 'clean', targetPort: 'dataset' }, 'itself'],
    [{ source: 'cars', sourcePort: 'dataset', target: 'clean', targetPort: 'dataset' }, 'exists'],
    [{ source: 'cars', sourcePort: 'nix', target: 'clean', targetPort: 'dataset' }, 'unknown'],
  ])('a wire is refused with a reason', (ends, reason) => {
    expect(refusalOf(sample(), library, ends)?.reason).toBe(reason);
  });

  test('a circle is refused', () => {
    const document = sample();
    addNode(document, { module: 'stack' }, [0, 0]);
    connect(document, library, {
      source: 'clean',
      sourcePort: 'cleaned',
      target: 'stack',
      targetPort: 'tables',
    });
    const ends = { source: 'stack', sourcePort: 'table', target: 'clean', targetPort: 'dataset' };
    expect(refusalOf(document, library, ends)).toEqual({ reason: 'cycle' });
  });
});

describe('edits', () => {
  test('an input that takes several sources keeps them, another one gives its old one up', () => {
    const document = sample();
    addNode(document, { module: 'stack' }, [0, 0]);
    const stack = { target: 'stack', targetPort: 'tables' };
    connect(document, library, { source: 'cars', sourcePort: 'dataset', ...stack });
    connect(document, library, { source: 'clean', sourcePort: 'cleaned', ...stack });
    expect(document.nodes.stack?.inputs.tables).toEqual(['cars', 'clean.cleaned']);
    connect(document, library, {
      source: 'cars',
      sourcePort: 'dataset',
      target: 'train',
      targetPort: 'dataset',
    });
    expect(document.nodes.train?.inputs.dataset).toBe('cars');
  });

  test('removing a node removes its wires', () => {
    const document = sample();
    removeNodes(document, ['clean']);
    expect(wiresOf(document).map((wire) => wire.id)).toEqual(['learner→train.learner']);
  });

  test('renaming a node keeps its wires and its place', () => {
    const document = sample();
    renameNode(document, 'clean', 'tidy');
    expect(document.nodes.train?.inputs.dataset).toBe('tidy.cleaned');
    expect(document.layout).toEqual({ cars: [0, 0], tidy: [0, 100] });
    expect(Object.keys(document.nodes)).toEqual(['cars', 'tidy', 'learner', 'train']);
  });

  test('a node dropped on a wire stands between its ends', () => {
    const document = sample();
    const id = addNode(document, { module: 'clean' }, [0, 0]);
    const wire = { source: 'cars', sourcePort: null, target: 'clean', targetPort: 'dataset' };
    expect(insertOnWire(document, library, id, wire)).toBe(true);
    expect(document.nodes[id]?.inputs.dataset).toBe('cars');
    expect(document.nodes.clean?.inputs.dataset).toBe(`${id}.cleaned`);
  });

  test('a node that does not fit leaves the wire alone', () => {
    const document = sample();
    const wire = { source: 'cars', sourcePort: null, target: 'clean', targetPort: 'dataset' };
    expect(insertOnWire(document, library, 'learner', wire)).toBe(false);
    expect(document).toEqual(sample());
  });

  test('pasted nodes keep parameters and the wires among them', () => {
    const document = sample();
    const text = copyNodes(document, new Set(['clean', 'train']));
    const ids = pasteNodes(document, text, 40);
    expect(ids).toEqual(['clean_2', 'train_2']);
    expect(document.nodes.train_2?.inputs).toEqual({ dataset: 'clean_2.cleaned' });
    expect(document.layout.clean_2).toEqual([40, 140]);
  });

  test.each(['', '{', '[]', 'null', '{"a": 1}'])('a foreign clipboard adds nothing', (text) => {
    expect(pasteNodes(sample(), text, 0)).toEqual([]);
  });

  test('a free id is a valid one', () => {
    expect(freeNodeId(sample(), 'clean')).toBe('clean_2');
    expect(freeNodeId(sample(), '7 über & cars')).toBe('ber_cars');
    expect(freeNodeId(sample(), '가격')).toBe('node');
  });
});

describe('history', () => {
  test('undo after do is the document before, and redo is the one after', () => {
    const store = createPipelineStore(sample());
    const before = store.getState().document;
    store.getState().edit('delete', (draft) => removeNodes(draft, ['clean', 'train']));
    const after = store.getState().document;
    store.getState().undo();
    expect(store.getState().document).toEqual(before);
    store.getState().redo();
    expect(store.getState().document).toEqual(after);
  });

  test('typing is one step', () => {
    const store = createPipelineStore(sample());
    for (const name of ['a', 'ab', 'abc']) {
      store.getState().edit(
        'name',
        (draft) => {
          draft.name = name;
        },
        { merge: true },
      );
    }
    store.getState().undo();
    expect(store.getState().document.name).toBe('');
  });

  test('an edit that changes nothing is no step', () => {
    const store = createPipelineStore(sample());
    store.getState().edit('delete', (draft) => removeNodes(draft, []));
    expect(store.getState().past).toEqual([]);
  });
});

test('a tidy layout puts sources above what they feed', () => {
  const places = tidyLayout(sample());
  expect(places.cars?.[1]).toBeLessThan(places.clean?.[1] ?? 0);
  expect(places.clean?.[1]).toBeLessThan(places.train?.[1] ?? 0);
});
