/** Files that the server makes: saved under the names that it gives, refused in its words. */
import { errorOf } from './client';

/** Fetch a file and let the browser save it; rejects with an ApiError. */
export async function downloadFile(url: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw await errorOf(response);
  save(await response.blob(), nameIn(response.headers.get('Content-Disposition')));
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // Some browsers begin to read only after this turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function nameIn(disposition: string | null): string {
  const encoded = /filename\*=utf-8''([^;]+)/i.exec(disposition ?? '')?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/.exec(disposition ?? '')?.[1] ?? 'download';
}
