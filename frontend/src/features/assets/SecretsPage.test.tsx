import { ModalsProvider } from '@mantine/modals';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderInEditor } from '../../editor/testing';
import { SecretsPage } from './SecretsPage';

const at = '2026-01-02T03:04:05Z';

/** A workspace with these secrets; gives what is asked to change. */
function show(names: string[]) {
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (given) => {
    const request = given as Request;
    if (request.method === 'GET')
      return Response.json(names.map((name) => ({ name, created_at: at, updated_at: at })));
    asked.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`.trim());
    if (request.method === 'DELETE') return new Response(null, { status: 204 });
    return Response.json({ name: 'db', created_at: at, updated_at: at });
  });
  renderInEditor(
    <ModalsProvider modalProps={{ transitionProps: { duration: 0 } }}>
      <SecretsPage />
    </ModalsProvider>,
  );
  return asked;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('a workspace without secrets says so, and one is set', async () => {
  const asked = show([]);
  expect(await screen.findByText('There is no secret yet')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Set a secret' }));
  await userEvent.type(await screen.findByLabelText(/^Name/), 'db');
  await userEvent.type(screen.getByLabelText(/^What it is/), 'postgresql://ann:pw@host/db');
  await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  await waitFor(() =>
    expect(asked).toEqual(['POST /api/secrets {"name":"db","value":"postgresql://ann:pw@host/db"}']),
  );
  await waitFor(() => expect(screen.queryByLabelText(/^What it is/)).not.toBeInTheDocument());
});

test('a secret is replaced under its name', async () => {
  show(['db', 'store']);
  await userEvent.click(await screen.findByRole('button', { name: 'Replace store' }));
  expect(await screen.findByLabelText(/^Name/)).toHaveValue('store');
});

test('a secret is deleted after it was asked whether it shall be', async () => {
  const asked = show(['db']);
  await userEvent.click(await screen.findByRole('button', { name: 'Delete db' }));
  expect(asked).toEqual([]);
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(asked).toEqual(['DELETE /api/secrets/db']));
});

test('what hinders the list is told', async () => {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(
    Response.json({ error: { code: 'x', message: 'The server rests' } }, { status: 503 }),
  );
  renderInEditor(<SecretsPage />);
  expect(await screen.findByText('The secrets could not be read')).toBeInTheDocument();
});
