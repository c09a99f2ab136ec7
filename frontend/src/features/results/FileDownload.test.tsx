import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderInEditor } from '../../editor/testing';
import { FileDownload } from './FileDownload';

test('a file is offered under its name with its size', () => {
  renderInEditor(<FileDownload digest="abc" meta={{ kind: 'File', name: 'cars.xlsx', size_bytes: 2048 }} />);
  const link = screen.getByRole('link', { name: 'Download' });
  expect(link).toHaveAttribute('href', '/api/artifacts/abc/download');
  expect(link).toHaveAttribute('download', 'cars.xlsx');
  expect(screen.getByText('2 KB')).toBeInTheDocument();
});

test('a file of which nothing is known is offered all the same', () => {
  renderInEditor(<FileDownload digest="abc" meta={{}} />);
  expect(screen.getByTestId('file-download')).toHaveAttribute('href', '/api/artifacts/abc/download');
});
