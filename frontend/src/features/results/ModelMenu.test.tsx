import { Notifications } from '@mantine/notifications';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderInEditor } from '../../editor/testing';
import { ModelMenu } from './ModelMenu';

const { fetch } = globalThis;
let asked: string[];
let saved: string[];

beforeEach(() => {
  asked = [];
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

/** A server that begins a run, and ends it with this step when it is asked again. */
function serve(step: object, status: string) {
  globalThis.fetch = async (input) => {
    const url = input instanceof Request ? `${input.method} ${new URL(input.url).pathname}` : String(input);
    asked.push(url);
    if (url.startsWith('POST'))
      return Response.json({ id: 'made', status: 'running', nodes: {} }, { status: 201 });
    if (url.startsWith('GET')) return Response.json({ id: 'made', status, nodes: { file: step } });
    return new Response('zip', { headers: { 'Content-Disposition': 'attachment; filename="cars.zip"' } });
  };
}

async function choose(format: string) {
  renderInEditor(
    <>
      <Notifications />
      <ModelMenu runId="r" node="train" port="trained_model" />
    </>,
  );
  await userEvent.click(screen.getByTestId('model-menu'));
  await userEvent.click(await screen.findByText(format));
}

test('a model is written by a run and saved when that has ended', async () => {
  serve({ outputs: { model_file: { digest: 'abc', type: 'File', meta: {} } }, error: null }, 'completed');
  await choose('MLflow');
  await waitFor(() => expect(saved).toEqual(['cars.zip']));
  expect(asked).toEqual([
    'POST /api/runs/r/nodes/train/outputs/trained_model/files',
    'GET /api/runs/made',
    '/api/artifacts/abc/download',
  ]);
});

test('a format that the model has not is told in the words of the step', async () => {
  serve(
    { outputs: {}, error: { message: 'X has no form in ONNX', hint: 'Take the model as skops.' } },
    'failed',
  );
  await choose('ONNX');
  expect(await screen.findByText('X has no form in ONNX. Take the model as skops.')).toBeInTheDocument();
  expect(saved).toEqual([]);
});
