import { Anchor, Button, Group, Loader, Stack, Table, Text, Title } from '@mantine/core';
import { IconSitemap } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import Markdown from 'react-markdown';
import { Link, useParams } from 'react-router';
import { useOpenDraft } from '../../api/openDraft';
import { modulePageQuery } from '../../api/queries';
import type { InputPort, OutputPort, ModulePage as Page } from '../../api/types';
import { CategoryIcon } from '../../ui/CategoryIcon';
import { Notice } from '../../ui/Notice';
import { notifyFailure } from '../../ui/notify';
import classes from './ModulePage.module.css';

/** All there is to know of a module, as its declaration tells it. */
export function ModulePage() {
  const { t } = useTranslation('modules');
  const { moduleId = '' } = useParams();
  const page = useQuery(modulePageQuery(moduleId));
  if (page.isPending) return <Loader m="xl" aria-label={t('loading')} />;
  if (page.isError) {
    return (
      <Notice title={page.error.message}>
        <Anchor component={Link} to="/">
          {t('to_home')}
        </Anchor>
      </Notice>
    );
  }
  return <Facts page={page.data} />;
}

function Facts({ page }: { page: Page }) {
  const { t } = useTranslation('modules');
  const { module } = page;
  const takesTransform = module.inputs.some((port) => port.type.includes('Transform'));
  return (
    <article className={classes.page}>
      <title>{`${module.title} – Designer`}</title>
      <Group gap="sm" wrap="nowrap">
        <CategoryIcon category={module.category_id} className={classes.icon} />
        <Title order={1} size="h2">
          {module.title}
        </Title>
      </Group>
      <Text c="var(--text-soft)">
        {module.category} · <code>{module.id}</code>
      </Text>
      <Text size="lg" mt="md">
        {module.summary}
      </Text>
      {module.description !== module.summary && (
        <div className={classes.markdown}>
          <Markdown>{module.description}</Markdown>
        </div>
      )}
      {!module.deterministic && <Text mt="sm">{t('not_reused')}</Text>}
      {module.reads_outside != null && <Text mt="sm">{t('reads_outside')}</Text>}
      <Ports title={t('inputs')} ports={module.inputs} />
      <Ports title={t('outputs')} ports={module.outputs} />
      <Section title={t('parameters')}>
        {page.parameters.length === 0 ? <Text>{t('none')}</Text> : <Parameters page={page} />}
      </Section>
      {(page.failures.length > 0 || takesTransform) && (
        <Section title={t('errors')}>
          <dl className={classes.failures}>
            {page.failures.map((failure) => (
              <div key={failure.code}>
                <dt>{failure.code}</dt>
                <dd>{t(`failures:meaning_${failure.code}`, { defaultValue: failure.meaning })}</dd>
              </div>
            ))}
          </dl>
          {takesTransform && <Text>{t('errors_of_transformations')}</Text>}
        </Section>
      )}
      {page.example != null && <Example moduleId={module.id} text={page.example} />}
    </article>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <Title order={2} size="h4" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  );
}

function Ports({ title, ports }: { title: string; ports: (InputPort | OutputPort)[] }) {
  const { t } = useTranslation('modules');
  if (ports.length === 0) return null;
  return (
    <Section title={title}>
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {ports.map((port) => (
            <Table.Tr key={port.name}>
              <Table.Td>
                <Text fw={550}>{port.title}</Text>
                <code>{port.name}</code>
              </Table.Td>
              <Table.Td>{port.type.split('|').join(` ${t('or')} `)}</Table.Td>
              <Table.Td>
                {port.help}
                {'required' in port && !port.required && <Text c="var(--text-soft)">{t('optional')}</Text>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function Parameters({ page }: { page: Page }) {
  const { t } = useTranslation('modules');
  return (
    <div className={classes.wide}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('parameter')}</Table.Th>
            <Table.Th>{t('takes')}</Table.Th>
            <Table.Th>{t('default')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {page.parameters.map((fact) => (
            <Table.Tr key={fact.name}>
              <Table.Td>
                <Text fw={550}>{fact.title}</Text>
                <code>{fact.name}</code>
                <Text size="sm">{fact.help}</Text>
                {fact.condition && (
                  <Text size="sm" c="var(--text-soft)">
                    {t('counts_where', { condition: fact.condition })}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className={classes.cell}>
                <Markdown>{fact.takes}</Markdown>
              </Table.Td>
              <Table.Td className={classes.cell}>
                <Markdown>{fact.default}</Markdown>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Example({ moduleId, text }: { moduleId: string; text: string }) {
  const { t } = useTranslation('modules');
  const open = useOpenDraft((error) => notifyFailure(t('open_failed'), error));
  return (
    <Section title={t('example')}>
      <Stack align="flex-start" gap="sm">
        <Button
          leftSection={<IconSitemap size={16} />}
          loading={open.isPending}
          onClick={() => open.mutate({ kind: 'example', id: moduleId })}
          data-testid="open-example"
        >
          {t('open_example')}
        </Button>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre className={classes.code} tabIndex={0}>
          {text}
        </pre>
      </Stack>
    </Section>
  );
}
