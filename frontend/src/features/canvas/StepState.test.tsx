import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { NodeState } from '../../api/types';
import { renderInEditor } from '../../editor/testing';
import { formatTimeOfDay } from '../../ui/format';
import { StepState } from './StepState';

function show(state: Partial<NodeState>) {
  const whole = { status: 'queued', attempt: 1, due_at: null, started_at: null, seconds: null, ...state };
  renderInEditor(<StepState id="a" state={whole as NodeState} />, {});
  return screen.getByTestId('state-a');
}

test('a step that waits for its next attempt says which and when', () => {
  const due = new Date(Date.now() + 1000).toISOString();
  expect(show({ attempt: 2, due_at: due })).toHaveTextContent(`Attempt 2 at ${formatTimeOfDay(due)}`);
});

test('a step that runs again says which attempt that is', () => {
  const started = new Date().toISOString();
  expect(show({ status: 'running', attempt: 3, started_at: started })).toHaveTextContent(/^RunningAttempt 3/);
});

test.each(['queued', 'completed', 'failed'] as const)(
  'what is %s at the first attempt does not speak of attempts',
  (status) => {
    expect(show({ status })).not.toHaveTextContent('Attempt');
  },
);

test('the day of an attempt is said unless it is today', () => {
  const inTwoDays = new Date(Date.now() + 2 * 86_400_000);
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'short' }).format(inTwoDays);
  expect(show({ attempt: 2, due_at: inTwoDays.toISOString() })).toHaveTextContent(day);
});
