import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Dataset } from '../../api/types';
import { renderInEditor } from '../../editor/testing';
import { DatasetsPage } from './DatasetsPage';

const CARS: Dataset = {
  id: 1,
  name: 'cars',
  version: 2,
  title: 'Cars',
  description: 'Prices of cars',
  licence: 'CC BY 4.0',
  origin: 'https://example.org/cars',
  rows: 205,
  columns: [],
  size_bytes: 2048,
  digest: 'abc',
  created_at: '2026-01-01T00:00:00Z',
} as unknown as Dataset;

let answer: () => Response;

/** jsdom sends nothing; this keeps what a page would send and answers when told. */
class FakeRequest {
  static sent: FakeRequest[] = [];
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onabort?: () => void;
  onerror?: () => void;
  status = 0;
  responseText = '';
  file: File | null = null;
  open() {}
  setRequestHeader() {}
  send(body: FormData) {
    this.file = body.get('file') as File;
    FakeRequest.sent.push(this);
  }
  abort() {
    this.onabort?.();
  }
  answer(status: number, body: unknown) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

const { fetch } = globalThis;
beforeEach(() => {
  answer = () => Response.json([CARS]);
  globalThis.fetch = async () => answer();
  FakeRequest.sent = [];
  vi.stubGlobal('XMLHttpRequest', FakeRequest);
});
afterEach(() => {
  globalThis.fetch = fetch;
});

const open = () => renderInEditor(<DatasetsPage renderTable={(digest) => <p>rows of {digest}</p>} />);
const files = (...names: string[]) => names.map((name) => new File(['a,b'], name));

test('datasets are listed, and one can be looked into', async () => {
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Cars' }));
  expect(await screen.findByText('rows of abc')).toBeInTheDocument();
  expect(screen.getByText('Prices of cars')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: CARS.origin })).toHaveAttribute('href', CARS.origin);
});

test('an empty workspace says what to do', async () => {
  answer = () => Response.json([]);
  open();
  expect(await screen.findByText('No dataset yet')).toBeVisible();
});

test('a list that cannot be read says why, and is asked for again', async () => {
  answer = () => Response.json({ code: 'unavailable', message: 'The database rests' }, { status: 403 });
  open();
  expect(await screen.findByText('The database rests')).toBeVisible();
  answer = () => Response.json([CARS]);
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Cars')).toBeVisible();
});

test('dropped files are sent one after the other, with progress', async () => {
  open();
  const dataTransfer = { types: ['Files'], files: files('one.csv', 'two.csv') };
  fireEvent.drop(window, { dataTransfer });
  await expect.poll(() => FakeRequest.sent.map(({ file }) => file?.name)).toEqual(['one.csv']);
  FakeRequest.sent[0]?.upload.onprogress?.({ loaded: 1, total: 4 });
  expect(await screen.findByText('Uploading one.csv')).toBeVisible();
  expect(await screen.findByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
  FakeRequest.sent[0]?.answer(422, { code: '0049', message: 'It is no CSV' });
  await expect.poll(() => FakeRequest.sent.map(({ file }) => file?.name)).toEqual(['one.csv', 'two.csv']);
  FakeRequest.sent[1]?.answer(201, CARS);
  await expect.poll(() => screen.queryByTestId('upload-progress')).toBeNull();
});

test('a stopped upload sends no further file', async () => {
  open();
  fireEvent.drop(window, { dataTransfer: { types: ['Files'], files: files('one.csv', 'two.csv') } });
  await userEvent.click(await screen.findByRole('button', { name: 'Stop' }));
  await expect.poll(() => screen.queryByTestId('upload-progress')).toBeNull();
  expect(FakeRequest.sent).toHaveLength(1);
});
