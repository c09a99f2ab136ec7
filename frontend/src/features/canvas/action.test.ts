import { expect, test } from 'vitest';
import { shortcutOf, shownShortcut } from './action';
import { ACTIONS } from './actions';

const key = (init: KeyboardEventInit) => shortcutOf(new KeyboardEvent('keydown', init));

test('a key event is read in the spelling of the table', () => {
  expect(key({ key: 'z', code: 'KeyZ', ctrlKey: true })).toBe('mod+z');
  expect(key({ key: 'Z', code: 'KeyZ', ctrlKey: true, shiftKey: true })).toBe('mod+shift+z');
  expect(key({ key: '!', code: 'Digit1', shiftKey: true })).toBe('shift+1');
  expect(key({ key: '+', code: 'Equal', ctrlKey: true, shiftKey: true })).toBe('mod+=');
  expect(key({ key: '?', code: 'Slash', shiftKey: true })).toBe('?');
  expect(key({ key: 'ㅋ', code: 'KeyZ', ctrlKey: true })).toBe('mod+z');
  expect(key({ key: 'Delete', code: 'Delete' })).toBe('delete');
});

test('a shortcut is shown as people write it', () => {
  expect(shownShortcut('mod+shift+z')).toBe('Ctrl+Shift+Z');
});

test('each action has its own id and shortcuts', () => {
  const ids = ACTIONS.map((action) => action.id);
  const shortcuts = ACTIONS.flatMap((action) => action.shortcuts);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(shortcuts).size).toBe(shortcuts.length);
});
