import { screen, within } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run, StoredOutput } from '../../api/types';
import { moduleOf, renderInEditor } from '../../editor/testing';
import { ResultsDrawer } from './ResultsDrawer';

const { fetch } = globalThis;
beforeEach(() => {
  globalThis.fetch = async () => Response.json({ text: '', offset: 0, complete: true });
});
afterEach(() => {
  globalThis.fetch = fetch;
});

function open(output: StoredOutput) {
  const node = { status: 'completed', attempt: 1, outputs: { results: output } };
  renderInEditor(
    <MemoryRouter>
      <ResultsDrawer />
    </MemoryRouter>,
    {
      document: { nodes: { export: { module: 'export_data', inputs: {}, params: {} } } },
      modules: [moduleOf('export_data', [])],
      run: { id: 'r', number: 1, status: 'completed', seq: 1, nodes: { export: node } } as unknown as Run,
      view: { openOutput: { node: 'export', port: 'results' } },
    },
  );
}

test('a receipt is read where it is shown: what was written where', () => {
  const details = { table: 'shop.fruit', rows: 1_234_567, columns: ['name', 'price'] };
  open({ digest: 'd', type: 'File', meta: { kind: 'File', name: 'receipt.json', size_bytes: 90, details } });
  const shown = within(screen.getByTestId('model-details'));
  expect(shown.getByText('Table').nextSibling).toHaveTextContent('shop.fruit');
  expect(shown.getByText('Rows').nextSibling).toHaveTextContent('1,234,567');
  expect(shown.getByText('price')).toBeInTheDocument();
  expect(shown.getByText('File name').nextSibling).toHaveTextContent('receipt.json');
  expect(screen.getByTestId('file-download')).toHaveAttribute('download', 'receipt.json');
});

test('a file that tells nothing of itself shows its name and size', () => {
  open({ digest: 'd', type: 'File', meta: { kind: 'File', name: 'report.html', size_bytes: 2048 } });
  const shown = within(screen.getByTestId('model-details'));
  expect(shown.getByText('Size').nextSibling).toHaveTextContent('2 KB');
  expect(shown.queryByText('Rows')).toBeNull();
});
