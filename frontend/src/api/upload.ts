/** Sends files and tells how much has gone, which `fetch` cannot. */
import i18next from 'i18next';
import { ApiError, csrfToken, inTheLanguageOfThePage } from './client';
import type { Problem } from './types';

/** Resolves with the server's answer; rejects with an ApiError in its words, or when the signal says stop. */
export function sendFile<T>(
  url: string,
  file: File,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append('file', file);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 1 : loaded / total);
    request.onerror = () =>
      reject(new Error(i18next.t('answers:unreached', { message: 'The connection was lost' })));
    request.onabort = () => reject(new DOMException('The upload was stopped', 'AbortError'));
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status < 300) resolve(answer as T);
      else reject(errorOf(request.status, answer));
    };
    signal?.addEventListener('abort', () => request.abort());
    request.open('POST', url);
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.send(body);
  });
}

type Answer = { code?: string; message?: string; hint?: string; problems?: Problem[] };

function parsed(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}

function errorOf(status: number, { code = 'unknown', message, hint, problems }: Answer): ApiError {
  const said = inTheLanguageOfThePage(code, message ?? `The server answered ${status}`);
  return new ApiError(status, code, said, problems, null, hint ?? null);
}

export function isStopped(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
