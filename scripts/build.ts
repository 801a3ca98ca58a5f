/** Builds the directory of an on-premises installation: `npm run build [-- FOLDER]`, `dist/onpremises` by default. */
import { resolve } from 'node:path';
import { buildOnPremises } from './build/on-premises.ts';

const root = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? resolve(root, 'dist/onpremises'));
await buildOnPremises(root, folder);
console.log(`Built ${folder}: its README.md says how to install it`);
