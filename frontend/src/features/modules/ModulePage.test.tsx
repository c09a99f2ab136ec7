import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import '../../i18n';
import { ModulePage } from './ModulePage';

const PAGE = {
  module: {
    id: 'split_data',
    title: 'Split Data',
    category: 'Data Transformation',
    category_id: 'data_transformation',
    version: 1,
    summary: 'Divide rows.',
    description: 'By share.',
    deterministic: true,
    reads_outside: null,
    inputs: [{ name: 'dataset', title: 'Dataset', type: 'Table', help: '', required: true, multiple: false }],
    outputs: [],
    parameters: [],
  },
  parameters: [
    {
      name: 'fraction',
      title: 'Fraction',
      help: 'Share that goes left.',
      takes: 'number from 0 to 1',
      default: '`0.5`',
      condition: 'Splitting mode is Split rows',
    },
  ],
  failures: [{ code: '0021', meaning: 'A table has fewer rows than are needed.' }],
  example: 'format: designer/pipeline@1\n',
};

function show(answer: (request: Request) => Response): Request[] {
  const sent: Request[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (request) => {
    sent.push(request as Request);
    return answer(request as Request);
  });
  const router = createMemoryRouter(
    [
      { path: 'modules/:moduleId', element: <ModulePage /> },
      { path: 'drafts/:draftId', element: <p>the draft</p> },
    ],
    { initialEntries: ['/modules/split_data'] },
  );
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return sent;
}

const json = (body: unknown, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });

afterEach(() => vi.restoreAllMocks());

test('a page shows ports, parameters, errors and the example', async () => {
  show(() => json(PAGE));
  expect(await screen.findByRole('heading', { name: 'Split Data' })).toBeVisible();
  expect(screen.getByText('Counts where Splitting mode is Split rows.')).toBeVisible();
  expect(screen.getByText('number from 0 to 1')).toBeVisible();
  expect(screen.getByText('0021')).toBeVisible();
  expect(screen.getByText(/designer\/pipeline@1/)).toBeVisible();
});

test('the example opens as a pipeline', async () => {
  const sent = show((request) => (request.method === 'POST' ? json({ id: 'd1' }, 201) : json(PAGE)));
  await userEvent.click(await screen.findByRole('button', { name: 'Open as a pipeline' }));
  await waitFor(() => expect(screen.getByText('the draft')).toBeVisible());
  expect(sent.at(-1)?.url).toContain('/api/modules/split_data/example/open');
});

test('an unknown module says so', async () => {
  show(() => json({ code: 'not_found', message: "There is no module 'split_data'" }, 404));
  expect(await screen.findByText("There is no module 'split_data'")).toBeVisible();
});
