import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = process.env.DESIGNER_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    chunkSizeWarningLimit: 1500,
    // The first versions with light-dark(); for older ones it would be rewritten so that dark never shows.
    target: ['chrome123', 'firefox120', 'safari17.5'],
  },
  server: {
    proxy: {
      '/api': server,
      '/sign-in': server,
      '/ws': { target: server, ws: true },
    },
  },
  test: { environment: 'jsdom', setupFiles: ['src/testing.ts'], css: false },
});
