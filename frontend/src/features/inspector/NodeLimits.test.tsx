import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { useDocument } from '../../editor/Editor';
import { renderInEditor } from '../../editor/testing';
import { NodeOptions } from './NodeOptions';

function Options() {
  const node = useDocument((document) => document.nodes.split);
  return node ? <NodeOptions id="split" node={node} /> : null;
}

function open() {
  const { editor } = renderInEditor(<Options />, {
    document: { nodes: { split: { module: 'split_data', inputs: {}, params: {} } } },
  });
  return () => editor.store.getState().document.nodes.split;
}

test('a limit is taken when its field is left, and lies within its bounds', async () => {
  const node = open();
  const memory = screen.getByRole('textbox', { name: 'Memory limit, in MB' });
  await userEvent.type(memory, '512');
  expect(node()?.memory_mb).toBeUndefined();
  await userEvent.tab();
  expect(node()?.memory_mb).toBe(512);
  await userEvent.clear(screen.getByRole('textbox', { name: 'Memory limit, in MB' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Memory limit, in MB' }), '5{Enter}');
  expect(node()?.memory_mb).toBe(64);
});

test('the first wait counts only where there are retries', async () => {
  const node = open();
  expect(screen.queryByRole('textbox', { name: 'First wait, in seconds' })).toBeNull();
  await userEvent.type(screen.getByRole('textbox', { name: 'Retries' }), '3{Enter}');
  expect(node()?.retries).toBe(3);
  expect(screen.getByRole('textbox', { name: 'First wait, in seconds' })).toBeInTheDocument();
});

test('a node can be set to always run', async () => {
  const node = open();
  await userEvent.click(screen.getByRole('switch', { name: /^Always run/ }));
  expect(node()?.allow_reuse).toBe(false);
  await userEvent.click(screen.getByRole('switch', { name: /^Always run/ }));
  expect(node()?.allow_reuse).toBeUndefined();
});
