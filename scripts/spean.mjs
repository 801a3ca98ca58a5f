#!/usr/bin/env node
// `npx spean …`: the command, run by the Node that the project brings (see run.mjs).
process.argv.splice(2, 0, 'src/cli/main.ts');
await import('./run.mjs');
