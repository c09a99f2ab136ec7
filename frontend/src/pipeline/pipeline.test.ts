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
import { laidOut, NODE_HEIGHT, NODE_WIDTH, placeBelow, tidyLayout } from './layout';
import {
  circleOf,
  endsOf,
  inputsOf,
  type Library,
  openEndOf,
  outputsOf,
  possibleWires,
  refusalOf,
} from './rules';
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

describe('open ends', () => {
  test('all wires that could be drawn from an output are told', () => {
    const document = sample();
    addNode(document, { module: 'stack' }, [0, 0]);
    const end = openEndOf(document, library, 'clean', 'cleaned', 'output');
    expect(end && possibleWires(document, library, end)).toEqual([
      { source: 'clean', sourcePort: 'cleaned', target: 'stack', targetPort: 'tables' },
    ]);
  });

  test('an input takes what is neither fed by it nor there already', () => {
    const document = sample();
    addNode(document, { module: 'stack' }, [0, 0]);
    const end = openEndOf(document, library, 'clean', 'dataset', 'input');
    expect(end && possibleWires(document, library, end).map((ends) => ends.source)).toEqual(['stack']);
  });

  test('what would close a circle is what feeds an output, and what an input feeds', () => {
    const circle = (side: 'output' | 'input') =>
      [...circleOf(sample(), { node: 'clean', port: '', type: '', side })].sort();
    expect(circle('output')).toEqual(['cars', 'clean']);
    expect(circle('input')).toEqual(['clean', 'train']);
  });

  test.each(['output', 'input'] as const)('each wire that is offered is one that is not refused', (side) => {
    const document = sample();
    addNode(document, { module: 'stack' }, [0, 0]);
    addNode(document, { module: 'clean' }, [0, 0]);
    for (const [id, node] of Object.entries(document.nodes)) {
      for (const port of side === 'output' ? outputsOf(node, library) : inputsOf(node, library)) {
        const end = { node: id, port: port.name, type: port.type, side };
        const offered = possibleWires(document, library, end).map((ends) => JSON.stringify(ends));
        for (const [other, there] of Object.entries(document.nodes)) {
          for (const { name } of side === 'output' ? inputsOf(there, library) : outputsOf(there, library)) {
            const ends = endsOf(end, other, name);
            expect(offered.includes(JSON.stringify(ends)), JSON.stringify(ends)).toBe(
              refusalOf(document, library, ends) === null,
            );
          }
        }
      }
    }
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

  test('a node put on one of several wires of an input keeps their order', () => {
    const document = sample();
    addNode(document, { module: 'stack' }, [0, 0]);
    addNode(document, { module: 'clean' }, [0, 0]);
    const stack = { target: 'stack', targetPort: 'tables' };
    connect(document, library, { source: 'cars', sourcePort: 'dataset', ...stack });
    connect(document, library, { source: 'clean', sourcePort: 'cleaned', ...stack });
    insertOnWire(document, library, 'clean_2', { source: 'cars', sourcePort: 'dataset', ...stack });
    expect(document.nodes.stack?.inputs.tables).toEqual(['clean_2.cleaned', 'clean.cleaned']);
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
    const ids = pasteNodes(document, text);
    expect(ids).toEqual(['clean_2', 'train_2']);
    expect(document.nodes.train_2?.inputs).toEqual({ dataset: 'clean_2.cleaned' });
    expect(document.layout.clean_2).toEqual([40, 140]);
  });

  test('a second paste does not cover the first', () => {
    const document = sample();
    const text = copyNodes(document, new Set(['clean']));
    pasteNodes(document, text);
    expect(pasteNodes(document, text)).toEqual(['clean_3']);
    expect(document.layout.clean_3).toEqual([80, 180]);
  });

  test.each(['', '{', '[]', 'null', '{"a": 1}', '{"nodes": null}'])(
    'a foreign clipboard adds nothing',
    (text) => {
      expect(pasteNodes(sample(), text)).toEqual([]);
    },
  );

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

test('nodes without a place stand apart and below those that have one', () => {
  const placed = laidOut({ ...sample(), layout: { train: [100, 40] } }).layout;
  expect(placed.train).toEqual([100, 40]);
  const others = Object.entries(placed).filter(([id]) => id !== 'train');
  expect(others.map(([id]) => id).sort()).toEqual(
    Object.keys(sample().nodes)
      .filter((id) => id !== 'train')
      .sort(),
  );
  expect(Math.min(...others.map(([, [, y]]) => y))).toBeGreaterThan(40);
  expect(new Set(Object.values(placed).map(String)).size).toBe(Object.keys(sample().nodes).length);
});

test('a document whose nodes all have places stays the same object', () => {
  const document = { ...sample(), layout: tidyLayout(sample()) };
  expect(laidOut(document)).toBe(document);
});

test('nodes that are added one after the other stand below each other and cover none', () => {
  const places: [number, number][] = [
    [-100, 35],
    [205, 141],
    [600, 0],
  ];
  for (let added = 0; added < 8; added++) {
    const layout = Object.fromEntries(places.map((place, index) => [`n${index}`, place]));
    places.push(placeBelow({ ...EMPTY_DOCUMENT, layout }, [0, 0]));
  }
  const overlapping = places.flatMap(([x, y], index) =>
    places
      .slice(index + 1)
      .filter(([ox, oy]) => Math.abs(ox - x) < NODE_WIDTH && Math.abs(oy - y) < NODE_HEIGHT + 20),
  );
  expect(overlapping).toEqual([]);
  expect(new Set(places.slice(3).map(([x]) => x))).toEqual(new Set([0]));
});
