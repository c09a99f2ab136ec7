/** What the palette puts on a drag. */
export const DRAG_TYPE = 'application/x-designer-item';

export type Dragged = { module: string } | { dataset: string };
