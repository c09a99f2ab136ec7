import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { parameterOf } from '../../../editor/testing';
import { SecretEditor } from './SecretEditor';

const parameter = parameterOf({
  name: 'connection',
  kind: 'secret',
  help: 'The secret that holds the address',
});

function show(value: string | null, names: string[]) {
  const sent: { method: string; url: string; body: string }[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (asked) => {
    const request = asked as Request;
    const secrets = names.map((name) => ({ name, created_at: '', updated_at: '' }));
    if (request.method === 'GET') return Response.json(secrets);
    sent.push({ method: request.method, url: new URL(request.url).pathname, body: await request.text() });
    return Response.json({ name: 'db', created_at: '', updated_at: '' });
  });
  const onChange = vi.fn();
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <span id="label">Connection</span>
        <SecretEditor
          id="a"
          parameter={parameter}
          value={value}
          onChange={onChange}
          labelId="label"
          disabled={false}
        />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { onChange, sent };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('a secret is chosen by its name', async () => {
  const { onChange } = show(null, ['db', 'store']);
  await userEvent.click(await screen.findByRole('combobox'));
  await userEvent.click(await screen.findByText('store'));
  expect(onChange).toHaveBeenCalledWith('store');
});

test('a name that the workspace does not have is told', async () => {
  show('gone', ['db']);
  expect(await screen.findByText('This workspace has no such secret')).toBeInTheDocument();
});

test('a new secret goes to the server, and only its name into the document', async () => {
  const { onChange, sent } = show(null, []);
  await userEvent.click(screen.getByRole('button', { name: 'Set a secret' }));
  await userEvent.type(await screen.findByLabelText(/^Name/), 'db');
  await userEvent.type(screen.getByLabelText(/^What it is/), 'postgresql://ann:pw@host/db');
  await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  await waitFor(() => expect(onChange).toHaveBeenCalledWith('db'));
  expect(sent).toEqual([
    {
      method: 'POST',
      url: '/api/secrets',
      body: JSON.stringify({ name: 'db', value: 'postgresql://ann:pw@host/db' }),
    },
  ]);
});

test('a secret of several lines is typed behind dots, which can be lifted, and what it is to hold stands above', async () => {
  const { onChange, sent } = show(null, []);
  await userEvent.click(screen.getByRole('button', { name: 'Set a secret' }));
  await userEvent.type(await screen.findByLabelText(/^Name/), 'store');
  const value = screen.getByLabelText(/^What it is/);
  expect(value).toHaveAccessibleDescription(parameter.help);
  await userEvent.type(value, 'aws_access_key_id=a{Enter}aws_secret_access_key=b');
  expect(value).toHaveAttribute('data-hidden');
  await userEvent.click(screen.getByRole('button', { name: 'Show what was typed' }));
  expect(value).not.toHaveAttribute('data-hidden');
  await userEvent.click(screen.getByRole('button', { name: 'Keep it' }));
  await waitFor(() => expect(onChange).toHaveBeenCalledWith('store'));
  expect(sent.map(({ body }) => JSON.parse(body).value)).toEqual([
    'aws_access_key_id=a\naws_secret_access_key=b',
  ]);
});

test('the name of a secret that is chosen is that of the one to set', async () => {
  const { sent } = show('db', ['db']);
  await userEvent.click(screen.getByRole('button', { name: 'Set a secret' }));
  expect(await screen.findByLabelText(/^Name/)).toHaveValue('db');
  await userEvent.type(screen.getByLabelText(/^What it is/), '  ');
  expect(screen.getByRole('button', { name: 'Keep it' })).toBeDisabled();
  expect(sent).toEqual([]);
});
