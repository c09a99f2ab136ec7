/** Visible text: one folder for each language, one file for each feature. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

const files = import.meta.glob<Record<string, string>>('./*/*.json', { eager: true, import: 'default' });

type Resources = Record<string, Record<string, Record<string, string>>>;

const resources: Resources = {};
for (const [path, texts] of Object.entries(files)) {
  const [, language = '', feature = ''] = /^\.\/(\w+)\/(\w+)\.json$/.exec(path) ?? [];
  resources[language] = { ...resources[language], [feature]: texts };
}

export const LANGUAGES = { en: 'English', ko: '한국어' } as const;
const KEY = 'designer.language';

function preferred(): string {
  const chosen = localStorage.getItem(KEY) ?? navigator.language.slice(0, 2);
  return chosen in LANGUAGES ? chosen : 'en';
}

void i18next.use(initReactI18next).init({
  resources,
  lng: preferred(),
  fallbackLng: 'en',
  keySeparator: false,
  interpolation: { escapeValue: false },
});
document.documentElement.lang = i18next.language;

export function setLanguage(language: string): void {
  localStorage.setItem(KEY, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
