/** Numbers, sizes and times as people read them, in the language of the page. */
import i18next from 'i18next';

export function formatNumber(value: number | null | undefined, digits = 6): string {
  if (value === null || value === undefined) return '–';
  return new Intl.NumberFormat(i18next.language, { maximumSignificantDigits: digits }).format(value);
}

export function formatCount(value: number): string {
  return new Intl.NumberFormat(i18next.language).format(value);
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${formatNumber(bytes / 1024 ** power, 3)} ${units[power]}`;
}

export function formatSeconds(seconds: number): string {
  if (seconds < 0.995) return `${Math.max(Math.round(seconds * 1000), 1)} ms`;
  if (seconds < 60) return `${formatNumber(seconds, 3)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')} min`;
}

export function formatMoment(iso: string): string {
  const moment = new Date(iso);
  const seconds = (moment.getTime() - Date.now()) / 1000;
  const relative = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' });
  if (seconds > -60) return relative.format(Math.round(seconds), 'second');
  if (seconds > -3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (seconds > -86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: 'medium', timeStyle: 'short' }).format(
    moment,
  );
}

/** A moment to the second: for lists of what happened when. */
export function formatTime(iso: string): string {
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: 'short', timeStyle: 'medium' }).format(
    new Date(iso),
  );
}

/** A moment for where there is little room: today's to the second, others with their day. */
export function formatTimeOfDay(iso: string): string {
  const moment = new Date(iso);
  const isToday = moment.toDateString() === new Date().toDateString();
  const style = isToday
    ? ({ timeStyle: 'medium' } as const)
    : ({ dateStyle: 'short', timeStyle: 'short' } as const);
  return new Intl.DateTimeFormat(i18next.language, style).format(moment);
}
