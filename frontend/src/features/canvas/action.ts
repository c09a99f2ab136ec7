/** What an action is, and how shortcuts are read and written. */
import type { ReactFlowInstance } from '@xyflow/react';
import type { Editor } from '../../editor/Editor';

export interface ActionContext {
  editor: Editor;
  flow: ReactFlowInstance;
}

export interface CanvasAction {
  id: string;
  /** Key of the label in canvas.json. */
  label: string;
  /** The label in a menu, where it depends on what is selected. */
  menuLabel?: (context: ActionContext) => string;
  /** Key of a line that says more, below the label in a menu. */
  hint?: string;
  /** Such as `mod+z`; `mod` is Ctrl, or Command on a Mac. */
  shortcuts: string[];
  /** Changes or runs the document, so that it is not offered where that is read only. */
  changes: boolean;
  /** Whether the menu of a node, of the empty canvas or of both offers it. */
  menu: 'node' | 'canvas' | 'both' | null;
  /** A menu draws a line where the next action is of another kind. */
  kind: 'run' | 'node' | 'edit' | 'view';
  /** Works while somebody types, too. */
  everywhere?: boolean;
  /** The browser itself turns the shortcut into a clipboard event, which needs no permission. */
  byClipboardEvent?: boolean;
  isEnabled: (context: ActionContext) => boolean;
  perform: (context: ActionContext) => void;
}

type Optional = 'shortcuts' | 'changes' | 'menu' | 'kind' | 'isEnabled';

export function defineAction(
  action: Omit<CanvasAction, Optional> & Partial<Pick<CanvasAction, Optional>>,
): CanvasAction {
  return { shortcuts: [], changes: false, menu: null, kind: 'edit', isEnabled: () => true, ...action };
}

const IS_MAC = /Mac|iP/.test(navigator.userAgent);

/** The shortcut that a key event means, in the table's spelling. */
export function shortcutOf(event: KeyboardEvent): string {
  const mod = IS_MAC ? event.metaKey : event.ctrlKey;
  // Where another script is typed, such as Hangul, the place of the key says which letter is meant.
  const letter = /^[\x20-\x7f]+$/.test(event.key) ? undefined : /^Key([A-Z])$/.exec(event.code)?.[1];
  const key = (letter ?? event.key).toLowerCase();
  const digit = /^Digit(\d)$/.exec(event.code)?.[1];
  // A sign such as "?" needs Shift on some keyboards and not on others: the sign alone counts.
  if (!digit && /^[^a-z0-9\s]$/.test(key))
    return [mod && 'mod', key === '+' ? '=' : key].filter(Boolean).join('+');
  return [mod && 'mod', event.shiftKey && 'shift', digit ?? key].filter(Boolean).join('+');
}

/** A shortcut as people write it. */
export function shownShortcut(shortcut: string): string {
  const names: Record<string, string> = { mod: IS_MAC ? '⌘' : 'Ctrl', shift: IS_MAC ? '⇧' : 'Shift' };
  return shortcut
    .split('+')
    .map((part) => names[part] ?? part.charAt(0).toUpperCase() + part.slice(1))
    .join(IS_MAC ? '' : '+');
}
