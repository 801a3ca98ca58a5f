import { parseEnv } from 'node:util';
import type { Command } from 'commander';
import type { AdapterDefinition } from '../../model/definition.ts';
import { findAdapter, loadAdapters } from '../load-adapters.ts';
import { readInput } from '../read-input.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from '../shell.ts';
import { requestOf } from './request-of.ts';
import { saveExample } from './save-example.ts';
import { tellTrial } from './tell-trial.ts';
import { type ReceivedReply, tryOperation } from './try-operation.ts';

interface TryFlags {
  readonly reply?: string;
  readonly status: string;
  readonly contentType?: string;
  readonly settings?: string;
  readonly show?: true;
  readonly save?: string;
  readonly json?: true;
}

/** How a legacy answer of each format is usually labelled. */
const CONTENT_TYPES = { soap: 'text/xml', xml: 'application/xml', csv: 'text/csv', fixedWidth: 'text/plain' } as const;

export function addTryCommand(program: Command, shell: Shell, done: Done): void {
  program
    .command('try')
    .description('Make one call and see what went out, what came back, and what became of each field')
    .argument('<adapter>')
    .argument('<operation>')
    .argument('[inputs...]', 'name=value')
    .option('--reply <file>', 'an answer of the legacy system in a file, instead of calling it')
    .option('--status <code>', 'the HTTP status that came with that answer', '200')
    .option('--content-type <type>', 'the media type that came with that answer')
    .option('--settings <file>', 'settings as lines of NAME=value; else the environment')
    .option('--show', 'show personal values too; secrets are never shown')
    .option('--save <name>', 'keep the exchange as an example case of the adapter')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExit code 0 when the call was answered, 1 when it ended in a problem.')
    .action(
      done((adapter: string, operation: string, inputs: string[], flags: TryFlags) =>
        run(adapter, operation, inputs, flags, shell),
      ),
    );
}

async function run(
  adapterName: string,
  name: string,
  inputs: readonly string[],
  flags: TryFlags,
  shell: Shell,
): Promise<ExitCode> {
  const adapter = findAdapter(await loadAdapters(shell.folder), adapterName);
  const operation = adapter.operations[name];
  if (operation === undefined) {
    throw new CommandError(
      `There is no operation ${name}: ${adapterName} has ${Object.keys(adapter.operations).join(', ')}`,
    );
  }
  const request = requestOf(operation, inputs);
  const environment = await readEnvironment(flags, shell);
  const { format } = adapter.legacy[operation.via ?? Object.keys(adapter.legacy)[0] ?? ''] ?? { format: 'xml' };
  const fetchReply =
    flags.reply === undefined ? callLegacy(shell) : await replyFromFile(flags, CONTENT_TYPES[format], shell);
  if (flags.reply === undefined) requireSettings(adapter, environment);
  const trial = await tryOperation(adapter, name, request, environment, fetchReply);
  const secrets = secretsOf(adapter, environment);
  if (flags.json)
    shell.out(JSON.stringify({ status: trial.status, answer: trial.answer, fields: trial.traces }, null, 2));
  else
    for (const line of tellTrial(trial, {
      show: flags.show === true,
      secrets,
      inputs: inputs.map((pair) => pair.slice(pair.indexOf('=') + 1)),
    }))
      shell.out(line);
  if (flags.save !== undefined && trial.reply !== undefined) {
    const folder = await saveExample(shell.folder, adapter, name, request, trial.reply, flags.save);
    shell.note(`\nKept in ${folder}: it holds what the legacy system answered, so take made-up people only`);
  }
  return trial.status < 400 ? EXIT.ok : EXIT.mistakes;
}

async function readEnvironment({ settings }: TryFlags, shell: Shell): Promise<Record<string, string>> {
  const given =
    settings === undefined ? shell.env : parseEnv(new TextDecoder().decode(await readInput(settings, shell)));
  // The marks of a deployment's security server and its key are not what is being tried.
  const own = Object.entries(given).filter(([name, value]) => value !== undefined && !name.startsWith('SPEAN_'));
  return Object.fromEntries(own) as Record<string, string>;
}

function requireSettings(adapter: AdapterDefinition, environment: Readonly<Record<string, string>>): void {
  const missing = references(adapter).filter(({ name }) => !environment[name]);
  if (missing.length === 0) return;
  const names = [...new Set(missing.map(({ name }) => name))].join(', ');
  throw new CommandError(
    `To call the legacy system, set ${names} (in the environment or with --settings), or give --reply FILE`,
  );
}

function secretsOf(adapter: AdapterDefinition, environment: Readonly<Record<string, string>>): Map<string, string> {
  const secrets = references(adapter).filter(({ from }) => from === 'secret');
  return new Map(secrets.map(({ name }) => [name, environment[name] ?? '']));
}

function references(adapter: AdapterDefinition): { from: string; name: string }[] {
  const found = JSON.stringify(adapter.legacy).matchAll(/"from":"(variable|secret)","name":"([^"]+)"/g);
  return [...found].map(([, from = '', name = '']) => ({ from, name }));
}

function callLegacy({ fetch }: Shell): (request: Request) => Promise<ReceivedReply> {
  return async (request) => {
    const response = await fetch(request);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, contentType: response.headers.get('content-type') ?? '', bytes };
  };
}

async function replyFromFile(flags: TryFlags, usual: string, shell: Shell): Promise<() => Promise<ReceivedReply>> {
  const bytes = await readInput(flags.reply ?? '', shell);
  const status = Number(flags.status);
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new CommandError('--status takes 200 to 599');
  return async () => ({ status, contentType: flags.contentType ?? usual, bytes });
}
