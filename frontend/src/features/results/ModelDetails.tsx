import { Badge, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatCount, formatNumber } from '../../ui/format';
import {
  isNamedWeights,
  isScalar,
  isWeights,
  namedWeightsOf,
  rowsOf,
  type Weight,
  weightsOf,
} from './details';
import classes from './Results.module.css';

const SHOWN_ITEMS = 200;

// Deeper down, names are those of columns and classes, and are shown as they are.
const NAMED_DEPTH = 2;

/** What a learner, model or transformation says of itself. */
export function ModelDetails({ meta }: { meta: Record<string, unknown> }) {
  return (
    <Stack gap="md" p="md" className={classes.details} data-testid="model-details">
      <Members values={meta} depth={0} />
    </Stack>
  );
}

/** Plain values first, as a list; then each part under its name. */
function Members({ values, depth }: { values: Record<string, unknown>; depth: number }) {
  const titleOf = useTitles();
  const nameOf = depth < NAMED_DEPTH ? titleOf : (name: string) => name;
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const plain = entries.filter(([, value]) => isScalar(value));
  return (
    <>
      {plain.length > 0 && (
        <dl className={classes.facts}>
          {plain.map(([name, value]) => (
            <Fact key={name} name={nameOf(name)} value={value} />
          ))}
        </dl>
      )}
      {entries
        .filter(([, value]) => !isScalar(value) && !isEmpty(value))
        .map(([name, value]) => (
          <div key={name}>
            <Title order={4} size="sm" mb={6}>
              {nameOf(name)}
            </Title>
            <Part value={value} depth={depth + 1} />
          </div>
        ))}
    </>
  );
}

function Fact({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{textOf(value)}</dd>
    </>
  );
}

function Part({ value, depth }: { value: unknown; depth: number }) {
  if (isWeights(value)) return <Weights weights={weightsOf(value)} />;
  if (isNamedWeights(value)) return <Weights weights={namedWeightsOf(value)} />;
  if (Array.isArray(value)) {
    const rows = rowsOf(value);
    return rows ? <Rows rows={rows} /> : <Items items={value} />;
  }
  return (
    <Stack gap="sm" className={classes.nested}>
      <Members values={value as Record<string, unknown>} depth={depth} />
    </Stack>
  );
}

/** Numbers by name, such as coefficients: the largest first, as bars from the middle. */
function Weights({ weights }: { weights: Weight[] }) {
  const most = Math.max(...weights.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return (
    <>
      <table className={classes.weights}>
        <tbody>
          {weights.slice(0, SHOWN_ITEMS).map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <div
                  className={classes.weight}
                  data-negative={value < 0 || undefined}
                  style={{ width: `${(50 * Math.abs(value)) / most}%` }}
                />
              </td>
              <td>{formatNumber(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <More count={weights.length - SHOWN_ITEMS} />
    </>
  );
}

function Rows({ rows }: { rows: Record<string, unknown>[] }) {
  const titleOf = useTitles();
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return (
    <Table.ScrollContainer minWidth={300}>
      <Table fz="sm" withTableBorder>
        <Table.Thead>
          <Table.Tr>
            {names.map((name) => (
              <Table.Th key={name}>{titleOf(name)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.slice(0, SHOWN_ITEMS).map((row) => (
            <Table.Tr key={JSON.stringify(row)}>
              {names.map((name) => (
                <Table.Td key={name}>{textOf(row[name])}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <More count={rows.length - SHOWN_ITEMS} />
    </Table.ScrollContainer>
  );
}

function Items({ items }: { items: unknown[] }) {
  const texts = items.map(textOf);
  return (
    <Group gap={4}>
      {[...new Set(texts.slice(0, SHOWN_ITEMS))].map((text) => (
        <Badge key={text} variant="light" color="gray" tt="none" className={classes.item}>
          {text}
        </Badge>
      ))}
      <More count={texts.length - SHOWN_ITEMS} />
    </Group>
  );
}

function More({ count }: { count: number }) {
  const { t } = useTranslation('results');
  if (count <= 0) return null;
  return (
    <Text size="xs" c="var(--text-soft)">
      {t('and_more', { count: formatCount(count) })}
    </Text>
  );
}

/** Titles of what things tell of themselves: those that the page has words for, and others as they are called. */
function useTitles(): (name: string) => string {
  const { t } = useTranslation('facts');
  return (name) => {
    const words = name.replaceAll('_', ' ');
    return t(name, { defaultValue: words.charAt(0).toUpperCase() + words.slice(1) });
  };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '–';
  // Every digit of a count counts.
  if (typeof value === 'number') return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
