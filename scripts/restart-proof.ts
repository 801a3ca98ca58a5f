/**
 * Exchanges the worker again and again while clients read and write without pause, and ends every few rounds with a
 * `kill -9` instead: `node scripts/run.mjs scripts/restart-proof.ts [EXCHANGES] [FOLDER]`. Every answered write must
 * be answered the same afterwards, no exchange may cost a request, and the stored objects must be sound.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildOnPremises } from './build/on-premises.ts';
import { proveRestarts, tellProof } from './restart-proof/prove-restarts.ts';

const exchanges = Number(process.argv[2] ?? 5);
const root = resolve(import.meta.dirname, '..');
const home = mkdtempSync(join(tmpdir(), 'spean-restarts-'));
const program = process.argv[3] ?? join(home, 'program');
if (process.argv[3] === undefined) await buildOnPremises(root, program);
const proof = await proveRestarts({ program, home, exchanges });
for (const line of tellProof(proof)) console.log(line);
rmSync(home, { recursive: true });
process.exit(proof.failures.length + proof.lostWrites.length + proof.unsoundFiles.length === 0 ? 0 : 1);
