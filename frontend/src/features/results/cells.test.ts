import { expect, test } from 'vitest';
import { shortened } from './cells';

test.each([
  ['0.36907281342091', 'Float64', '0.3690728'],
  ['-1.5', 'Float64', '-1.5'],
  ['1e-12', 'Float32', '1e-12'],
  ['123456789.123', 'Float64', '123456789'],
  ['NaN', 'Float64', 'NaN'],
  ['12345678901234567', 'Int64', '12345678901234567'],
  ['1970-01-01T00:00:01.000', 'Datetime', '1970-01-01 00:00:01'],
  ['1970-01-01T00:00:01.500000', 'Datetime', '1970-01-01 00:00:01.500000'],
  ['1970-01-01T00:00:01+00:00', 'Datetime', '1970-01-01 00:00:01+00:00'],
  ['T-shirt', 'String', 'T-shirt'],
])('%s of type %s is shown as %s', (text, dtype, shown) => {
  expect(shortened(text, dtype)).toBe(shown);
});
