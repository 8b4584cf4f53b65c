import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const program = process.env.FOLLOWUP_URL ?? 'http://127.0.0.1:8080';
const proxied = ['/api', '/auth', '/dev', '/docs', '/health', '/openapi'];

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    // An inlined asset would need data: URLs in the content security policy.
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: { output: { hashCharacters: 'hex' } },
  },
  server: {
    // The program accepts writes from its own origin only, so Origin is rewritten along with Host.
    proxy: Object.fromEntries(
      proxied.map((path) => [path, { target: program, changeOrigin: true, headers: { origin: program } }]),
    ),
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
