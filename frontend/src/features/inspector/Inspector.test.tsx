import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test } from 'vitest';
import type { Run } from '../../api/types';
import { selectNodes } from '../../editor/Editor';
import { renderInEditor } from '../../editor/testing';
import { Inspector } from './Inspector';

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const STEP = { module: 'split_data', inputs: {}, params: {} };

function open() {
  globalThis.fetch = async () => Response.json({ text: '', offset: 0, complete: true });
  const state = { attempt: 1, metrics: {}, outputs: {}, tables: {}, seconds: null };
  const { editor } = renderInEditor(
    <MemoryRouter>
      <Inspector />
    </MemoryRouter>,
    {
      document: { nodes: { a: STEP, b: STEP, fails: STEP, fresh: STEP } },
      run: {
        id: 'r',
        number: 1,
        status: 'failed',
        nodes: {
          a: { ...state, status: 'completed' },
          b: { ...state, status: 'reused' },
          fails: { ...state, status: 'failed' },
        },
      } as unknown as Run,
      view: { selection: new Set(['a']) },
    },
  );
  return (id: string) => act(() => selectNodes(editor, [id]));
}

const shown = () => screen.getByRole('tab', { selected: true }).textContent;
const choose = (name: string) => userEvent.click(screen.getByRole('tab', { name }));

test('the tab that was chosen stays while another node is selected', async () => {
  const select = open();
  expect(shown()).toBe('Parameters');
  await choose('Run');
  select('b');
  expect(shown()).toBe('Run');
  await choose('About');
  select('a');
  expect(shown()).toBe('About');
});

test('a failed node shows why, and does not choose the tab of others by that', async () => {
  const select = open();
  select('fails');
  expect(shown()).toBe('Run');
  select('b');
  expect(shown()).toBe('Parameters');
});

test('a node that was not there in the run shows its form', async () => {
  const select = open();
  await choose('Run');
  select('fresh');
  expect(shown()).toBe('Parameters');
  select('a');
  expect(shown()).toBe('Run');
});
