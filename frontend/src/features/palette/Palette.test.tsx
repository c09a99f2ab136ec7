import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import { moduleOf, renderInEditor } from '../../editor/testing';
import { Palette } from './Palette';

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

const MODULES = ['Partition and Sample', 'Split Data', 'Train Model'].map((title) => ({
  ...moduleOf(title.toLowerCase().replaceAll(' ', '_'), []),
  title,
  summary: title === 'Partition and Sample' ? 'Draws or splits rows' : '',
}));

function open() {
  const onAdd = vi.fn();
  const onOpenSample = vi.fn();
  renderInEditor(
    <MemoryRouter>
      <Palette onAdd={onAdd} onOpenSample={onOpenSample} />
    </MemoryRouter>,
    { modules: MODULES },
  );
  return { onAdd, onOpenSample, field: screen.getByTestId<HTMLInputElement>('palette-search') };
}

test('Enter in the search adds what stands first, and the next word takes the place of the last', async () => {
  const { onAdd, field } = open();
  await userEvent.type(field, 'split{Enter}');
  expect(onAdd.mock.calls).toEqual([[{ module: 'split_data' }]]);
  expect(screen.getAllByRole('button', { name: /^Add / })[0]).toHaveAccessibleName('Add Split Data');
  await userEvent.keyboard('train{Enter}');
  expect(field).toHaveValue('train');
  expect(onAdd.mock.calls.at(-1)).toEqual([{ module: 'train_model' }]);
});

test('Enter adds nothing where nothing is searched for, or nothing is found', async () => {
  const { onAdd, field } = open();
  await userEvent.type(field, '{Enter} {Enter}');
  await userEvent.type(field, 'nowhere{Enter}');
  expect(onAdd).not.toHaveBeenCalled();
});

test('Enter that ends the composition of a syllable adds nothing', async () => {
  const { onAdd, field } = open();
  await userEvent.type(field, 'split');
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
  expect(onAdd).not.toHaveBeenCalled();
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(onAdd).toHaveBeenCalledOnce();
});

test('among samples, Enter opens the first', async () => {
  const samples = [
    { id: 'a', title: 'Automobile price', description: '', tags: {} },
    { id: 'b', title: 'Bike rental', description: '', tags: {} },
  ];
  globalThis.fetch = async () => Response.json(samples);
  const { onAdd, onOpenSample, field } = open();
  await userEvent.click(screen.getByText('Samples'));
  await screen.findByText('Bike rental');
  await userEvent.type(field, 'bike{Enter}');
  expect(onOpenSample.mock.calls).toEqual([['b']]);
  expect(onAdd).not.toHaveBeenCalled();
});
