import type { ReactNode } from 'react';
import classes from './Results.module.css';

export const CHART_HEIGHT = 250;
/** Colours of the first and the second scored table. */
export const SET_COLORS = ['indigo.6', 'orange.6'] as const;

export function colorOf(index: number): string {
  return SET_COLORS[index] ?? 'gray.6';
}

/** A chart or table of an evaluation under its name. */
export function Chart({ title, children }: { title: string; children: ReactNode }) {
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.chartTitle}>{title}</figcaption>
      {children}
    </figure>
  );
}
