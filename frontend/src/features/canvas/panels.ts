/** The parts of the editor between which F6 goes, as in other programs. */
const PANEL = '[data-panel]';

/** Where a panel is entered: at what is selected in it, else at the first thing that takes keys. */
const ENTRANCES = [
  '.react-flow__node.selected',
  '[role="tab"][aria-selected="true"]',
  'input:not([type="hidden"]):not(:disabled), textarea:not(:disabled)',
  '.react-flow__node',
  'button:not(:disabled)',
];

/** Put the focus into the panel after the one that has it, or before it. */
export function focusPanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>(PANEL)];
  const current = panels.findIndex((panel) => panel.contains(document.activeElement));
  const start = current < 0 && step < 0 ? 0 : current;
  for (let turn = 1; turn <= panels.length; turn++) {
    const panel = panels.at((start + turn * step) % panels.length);
    const entrance = ENTRANCES.map((one) => panel?.querySelector<HTMLElement>(one)).find(Boolean);
    if (!entrance) continue;
    entrance.focus();
    return;
  }
}
