import { python } from '@codemirror/lang-python';
import { sql } from '@codemirror/lang-sql';
import { Button, Modal, useComputedColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowsMaximize } from '@tabler/icons-react';
import CodeMirror, { EditorView, Prec } from '@uiw/react-codemirror';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { EditorProps } from './Editor';

const LANGUAGES = {
  python: [python()],
  r: [],
  sql: [sql(), EditorView.lineWrapping],
  text: [EditorView.lineWrapping],
};

/** The surface of the page: on the theme's own, some colours are too faint in the dark. */
const SURFACE = Prec.highest(
  EditorView.theme({
    '&, .cm-gutters': { backgroundColor: 'var(--surface-sunken)' },
    '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
    '&.cm-focused .cm-activeLineGutter': { color: 'var(--text)' },
  }),
);

/** A program text, small in the panel and large on demand. */
export default function ScriptEditor({ parameter, value, onChange, disabled }: EditorProps) {
  const { t } = useTranslation('inspector');
  const [opened, { open, close }] = useDisclosure(false);
  const code = (height: string) => (
    <Code
      language={parameter.language ?? 'text'}
      label={parameter.title}
      text={typeof value === 'string' ? value : ''}
      onChange={onChange}
      height={height}
      disabled={disabled}
    />
  );
  return (
    <>
      {code('180px')}
      <Button
        size="compact-xs"
        variant="subtle"
        mt={4}
        leftSection={<IconArrowsMaximize size={13} />}
        onClick={open}
      >
        {t('edit_large')}
      </Button>
      <Modal
        closeButtonProps={{ 'aria-label': t('close', { ns: 'app' }) }}
        opened={opened}
        onClose={close}
        title={parameter.title}
        size="80%"
      >
        {code('60vh')}
        <Button mt="md" onClick={close}>
          {t('done')}
        </Button>
      </Modal>
    </>
  );
}

interface CodeProps {
  language: keyof typeof LANGUAGES;
  label: string;
  text: string;
  onChange: (text: string) => void;
  height: string;
  disabled: boolean;
}

function Code({ language, label, text, onChange, height, disabled }: CodeProps) {
  const scheme = useComputedColorScheme('light');
  const extensions = useMemo(
    () => [
      ...LANGUAGES[language],
      SURFACE,
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
    ],
    [language, label],
  );
  return (
    <CodeMirror
      value={text}
      height={height}
      theme={scheme}
      editable={!disabled}
      extensions={extensions}
      basicSetup={{ foldGutter: false, autocompletion: false }}
      onChange={onChange}
      style={{ fontSize: 12.5, border: '1px solid var(--line)', borderRadius: 6, overflow: 'hidden' }}
    />
  );
}
