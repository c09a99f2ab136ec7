/** The one way to the server. */
import i18next from 'i18next';
import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './schema';
import type { Problem } from './types';

/** An answer that is not a success, in the server's words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly problems: Problem[] = [],
    readonly current: string | null = null,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

interface ErrorBody {
  code?: string;
  message?: string;
  problems?: Problem[];
  current?: string;
  hint?: string;
}

export function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}

const session: Middleware = {
  onRequest({ request }) {
    request.headers.set('X-CSRFToken', csrfToken());
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response);
    return response;
  },
};

export async function errorOf(response: Response): Promise<ApiError> {
  const body: ErrorBody = await response.json().catch(() => ({}));
  const code = body.code ?? 'unknown';
  return new ApiError(
    response.status,
    code,
    inTheLanguageOfThePage(
      code,
      body.message ?? `The server answered ${response.status} ${response.statusText}`,
    ),
    body.problems,
    body.current ?? null,
    body.hint ?? null,
  );
}

/** The server speaks English; other languages have a sentence for each code, and its words behind. */
export function inTheLanguageOfThePage(code: string, message: string): string {
  const meaning = `failures:meaning_${code}`;
  if (i18next.exists(`answers:${code}`)) return i18next.t(`answers:${code}`, { message });
  if (i18next.language?.startsWith('en') || !i18next.exists(meaning)) return message;
  return `${i18next.t(meaning)} (${message})`;
}

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => globalThis.fetch(request),
});
api.use(session);

/**
 * The data of a successful answer; failures have been thrown by then.
 *
 * The caller names the type: openapi-fetch turns the tuples of the description into arrays.
 */
export async function data<T>(call: Promise<{ data?: unknown }>): Promise<T> {
  const answer = await call;
  return answer.data as T;
}
