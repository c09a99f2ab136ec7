import { expect, test } from 'vitest';

const files = import.meta.glob<Record<string, string>>('./*/*.json', { eager: true, import: 'default' });

function keys(language: string): string[] {
  return Object.entries(files)
    .filter(([path]) => path.startsWith(`./${language}/`))
    .flatMap(([path, texts]) =>
      Object.keys(texts).map((key) => `${path.split('/').at(-1)} ${key.replace(/_(one|other)$/, '')}`),
    );
}

test('every text is there in both languages', () => {
  expect(new Set(keys('ko'))).toEqual(new Set(keys('en')));
});

test('no text is empty, and placeholders are the same', () => {
  for (const [path, texts] of Object.entries(files)) {
    const other = files[path.replace('/ko/', '/en/')] ?? {};
    for (const [key, text] of Object.entries(texts)) {
      expect(text.trim(), `${path} ${key}`).not.toBe('');
      const placeholders = (value: string) => [...value.matchAll(/{{(\w+)}}/g)].map((m) => m[1]).sort();
      expect(placeholders(text), `${path} ${key}`).toEqual(placeholders(other[key] ?? text));
    }
  }
});
