import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../../frontend/node_modules/', import.meta.url));
const here = (name) => ({ find: new RegExp(`^${name}(?=/|$)`), replacement: packages + name });

export default {
  base: './',
  resolve: { alias: ['@xyflow/react', 'react-dom', 'react'].map(here) },
  build: { target: 'es2022', emptyOutDir: true },
};
