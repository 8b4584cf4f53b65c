// Fails when the JavaScript that the first page needs exceeds its budget, gzipped.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const budget = 220 * 1000;
const folder = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${folder}.vite/manifest.json`, 'utf8'));
const files = new Set();
const add = (chunk) => {
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const name of chunk.imports ?? []) add(manifest[name]);
};
add(manifest['index.html']);
const size = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(folder + file), { level: 9 }).length, 0);
console.log(`Initial JavaScript: ${(size / 1000).toFixed(1)} kB gzipped, at most ${budget / 1000} kB.`);
if (size > budget) process.exit(1);
