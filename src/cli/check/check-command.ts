import { styleText } from 'node:util';
import { type Command, Option } from 'commander';
import type { AdapterDefinition } from '../../model/definition.ts';
import { findDrift } from '../drift/find-drift.ts';
import { findAdapter, loadAdapters } from '../load-adapters.ts';
import { readInput } from '../read-input.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from '../shell.ts';
import { type AdapterReport, checkAdapters } from './check-adapters.ts';
import { settingsMistakes } from './check-settings.ts';
import type { Finding } from './finding.ts';
import { RELEASES, type Release } from './lint-for-release.ts';

interface CheckFlags {
  readonly xRoad: Release;
  readonly settings?: string;
  readonly legacy?: string;
  readonly json?: true;
}

export function addCheckCommand(program: Command, shell: Shell, done: Done): void {
  program
    .command('check')
    .description('Check adapters: compile them, run their examples, lint what a security server would refuse')
    .argument('[adapter]', 'one adapter; all of adapters/index.ts where it is left out')
    .addOption(new Option('--x-road <release>', "the security server's release").choices(RELEASES).default('7.4'))
    .option('--settings <file>', 'check the settings of a deployment too: lines of NAME=value')
    .option(
      '--legacy <file or URL>',
      "compare one adapter with its legacy system's WSDL as it is now, or with a fresh answer",
    )
    .option('--json', 'print the findings as JSON')
    .addHelpText(
      'after',
      '\nExit code 0 without mistakes (warnings are none), 1 with mistakes, 2 when it could not check.',
    )
    .action(done((adapter: string | undefined, flags: CheckFlags) => check(adapter, flags, shell)));
}

async function check(name: string | undefined, flags: CheckFlags, shell: Shell): Promise<ExitCode> {
  const all = await loadAdapters(shell.folder);
  const adapters = name === undefined ? all : [findAdapter(all, name)];
  const checked = await checkAdapters(adapters, { folder: shell.folder, release: flags.xRoad });
  const reports = flags.legacy === undefined ? checked : await addDrift(checked, adapters, flags.legacy, shell);
  const settings =
    flags.settings === undefined
      ? undefined
      : await settingsMistakes(new TextDecoder().decode(await readInput(flags.settings, shell)), adapters);
  const isMistaken =
    (settings?.length ?? 0) > 0 ||
    reports.some(({ findings }) => findings.some(({ severity }) => severity === 'mistake'));
  if (flags.json) shell.out(JSON.stringify({ adapters: reports, ...(settings && { settings }) }, null, 2));
  else for (const line of tell(reports, flags.settings, settings)) shell.out(line);
  return isMistaken ? EXIT.mistakes : EXIT.ok;
}

async function addDrift(
  [report, ...others]: readonly AdapterReport[],
  [adapter]: readonly AdapterDefinition[],
  location: string,
  shell: Shell,
): Promise<AdapterReport[]> {
  if (report === undefined || adapter === undefined || others.length > 0) {
    throw new CommandError('--legacy compares one adapter: name it');
  }
  return [{ ...report, findings: [...report.findings, ...(await findDrift(adapter, location, shell))] }];
}

function tell(
  reports: readonly AdapterReport[],
  file: string | undefined,
  settings: readonly string[] | undefined,
): string[] {
  const lines = reports.flatMap(({ adapter, operations, examples, findings }) => [
    `${mark(findings)} ${adapter}: ${count(operations, 'operation')}, ${count(examples, 'example')}`,
    ...findings.map(({ severity, place, message }) => `    ${sign(severity)} ${place}: ${message}`),
  ]);
  if (file === undefined || settings === undefined) return lines;
  const findings = settings.map((message): Finding => ({ severity: 'mistake', place: file, message }));
  return [...lines, `${mark(findings)} ${file}`, ...settings.map((message) => `    ${sign('mistake')} ${message}`)];
}

function mark(findings: readonly Finding[]): string {
  return findings.some(({ severity }) => severity === 'mistake') ? sign('mistake') : styleText('green', '✓');
}

function sign(severity: Finding['severity']): string {
  return severity === 'mistake' ? styleText('red', '✗') : styleText('yellow', '!');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
