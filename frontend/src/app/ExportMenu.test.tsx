import { Notifications } from '@mantine/notifications';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInEditor } from '../editor/testing';
import { ExportMenu } from './ExportMenu';

const { fetch } = globalThis;
let saved: string[];

beforeEach(() => {
  saved = [];
  URL.createObjectURL = () => 'blob:made';
  URL.revokeObjectURL = () => {};
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
});

afterEach(() => {
  globalThis.fetch = fetch;
  vi.restoreAllMocks();
});

function serve(answer: Response): string[] {
  const asked: string[] = [];
  globalThis.fetch = async (input) => {
    asked.push(String(input));
    return answer;
  };
  return asked;
}

function file(disposition: string): Response {
  return new Response('made', { headers: { 'Content-Disposition': disposition } });
}

async function choose(item: string) {
  await userEvent.click(screen.getByTestId('export-menu'));
  await userEvent.click(await screen.findByText(item));
}

test('what is being edited is saved before it is exported', async () => {
  const order: string[] = [];
  const asked = serve(file('attachment; filename="cars.zip"'));
  renderInEditor(<ExportMenu path="drafts/d" before={async () => order.push(`${asked.length} asked`)} />);
  await choose('Python script');
  await waitFor(() => expect(saved).toEqual(['cars.zip']));
  expect(order).toEqual(['0 asked']);
  expect(asked).toEqual(['/api/drafts/d/export?to=python']);
});

test('names in any script come through', async () => {
  serve(file("attachment; filename*=utf-8''%EC%B0%A8.ipynb"));
  renderInEditor(<ExportMenu path="drafts/d" />);
  await choose('Notebook');
  await waitFor(() => expect(saved).toEqual(['차.ipynb']));
});

test('a run is exported as a program only', async () => {
  renderInEditor(<ExportMenu path="runs/r" programsOnly />);
  await userEvent.click(screen.getByTestId('export-menu'));
  expect(await screen.findByText('Notebook')).toBeInTheDocument();
  expect(screen.queryByText('YAML document')).toBeNull();
});

test('a refusal is told by its first problem', async () => {
  const problem = { message: "Node 'split': input 'dataset' has no wire", hint: 'Connect a table.' };
  serve(Response.json({ code: 'invalid_document', message: 'many', problems: [problem] }, { status: 422 }));
  renderInEditor(
    <>
      <Notifications />
      <ExportMenu path="drafts/d" />
    </>,
  );
  await choose('Python script');
  expect(await screen.findByText(`${problem.message}. ${problem.hint}`)).toBeInTheDocument();
  expect(saved).toEqual([]);
});
