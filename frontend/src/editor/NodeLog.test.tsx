import { act, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import type { NodeState, Run } from '../api/types';
import { NodeLog } from './NodeLog';
import { renderInEditor } from './testing';

const RUNNING = { status: 'running', metrics: {}, outputs: {} } as unknown as NodeState;

function runWith(state: NodeState): Run {
  return { id: 'r', status: 'running', seq: 1, nodes: { a: state } } as unknown as Run;
}

/** A server whose log grows; parts are short so that one log takes several. */
function serveLog(log: { text: string; complete: boolean }) {
  const asked: number[] = [];
  globalThis.fetch = async (input) => {
    const request = input as Request;
    const offset = Number(new URL(request.url).searchParams.get('offset'));
    asked.push(offset);
    const text = log.text.slice(offset, offset + 6);
    return Response.json({ text, offset: offset + text.length, complete: log.complete });
  };
  return asked;
}

function shown() {
  return renderInEditor(<NodeLog id="a" />, { run: runWith(RUNNING) }).editor.run;
}

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

test('a log is read in parts, goes on when more is announced, and ends', async () => {
  const log = { text: 'first line\n', complete: false };
  const asked = serveLog(log);
  const run = shown();
  act(() => run.setState({ logs: { a: 11 } }));
  expect(await screen.findByText('first line')).toBeVisible();

  log.text += 'second line\n';
  act(() => run.setState({ logs: { a: 23 } }));
  expect(await screen.findByText(/second line/)).toHaveTextContent('first line second line');

  log.text += 'last';
  log.complete = true;
  act(() => run.setState({ run: runWith({ ...RUNNING, status: 'completed' }) }));
  expect(await screen.findByText(/last/)).toBeVisible();
  const requests = asked.length;
  act(() => run.setState({ logs: { a: 27 } }));
  expect(asked.length).toBeLessThanOrEqual(requests + 1);
});

test('a node that printed nothing says so', async () => {
  serveLog({ text: '', complete: false });
  shown();
  expect(await screen.findByText('Nothing was printed.')).toBeVisible();
});
