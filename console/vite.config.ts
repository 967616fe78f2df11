/** Builds the console into dist/, which the hub serves under /admin/. Nothing is inlined: the page's CSP allows files of its own only. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, target: 'es2022', chunkSizeWarningLimit: 700 },
});
