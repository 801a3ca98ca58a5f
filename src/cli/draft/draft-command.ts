import { confirm, isCancel } from '@clack/prompts';
import { type Command, Option } from 'commander';
import { checkAdapters } from '../check/check-adapters.ts';
import type { Finding } from '../check/finding.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from '../shell.ts';
import { SOURCE_KINDS, type SourceKind } from './detect-source.ts';
import type { Draft } from './draft.ts';
import { draftFromSource } from './draft-from-source.ts';
import { tellDraft } from './tell-draft.ts';
import { type DraftFile, draftFiles, writeFiles } from './write-draft.ts';

interface DraftFlags {
  readonly from?: SourceKind;
  readonly service?: string;
  readonly port?: string;
  readonly columns?: string;
  readonly force?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export function addDraftCommand(program: Command, shell: Shell, done: Done): void {
  program
    .command('draft')
    .description('Draft an adapter from a WSDL, from samples, or from a description of rows')
    .argument('<name>', "the adapter's name: a-z, 0-9 and hyphens")
    .argument(
      '<source...>',
      'a WSDL, or samples such as find.request.xml find.response.xml: files, URLs, - for standard input',
    )
    .addOption(new Option('--from <kind>', 'what the source is, where it cannot be told').choices(SOURCE_KINDS))
    .option('--service <name>', 'the service of a WSDL that has several')
    .option('--port <name>', 'the port of a WSDL that has several')
    .option('--columns <first-last,…>', 'the columns of a fixed-width sample: 1-8,9-20')
    .option('--force', 'write over an adapter of this name')
    .option('--dry-run', 'write nothing, show what would be written')
    .option('--json', 'print the draft as JSON')
    .addHelpText(
      'after',
      '\nExit code 0 when the draft compiles, 1 when it still has mistakes, 2 when nothing could be drafted.',
    )
    .action(
      done((name: string, sources: [string, ...string[]], flags: DraftFlags) => draft(name, sources, flags, shell)),
    );
}

async function draft(
  name: string,
  sources: readonly [string, ...string[]],
  { from, service, port, columns, ...flags }: DraftFlags,
  shell: Shell,
): Promise<ExitCode> {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
    throw new CommandError(`${name} is no name for an adapter: it has a-z, 0-9 and hyphens, such as business-registry`);
  }
  const wish = {
    name,
    ...(from && { kind: from }),
    ...(service && { service }),
    ...(port && { port }),
    ...(columns && { columns }),
  };
  const drafted = await draftFromSource(sources, wish, shell);
  const files = await draftFiles(drafted, sources.join(', '), shell.folder);
  const isWritten = !flags.dryRun && (await isWanted(files, flags, shell));
  if (isWritten) await writeFiles(files, name, shell.folder, flags.force === true);
  const [report] = await checkAdapters([drafted.definition], { folder: shell.folder, release: '7.4' });
  const findings = (report?.findings ?? []).filter(({ place }) => isWritten || place !== 'examples');
  if (flags.json) shell.out(JSON.stringify(summaryOf(drafted, files, findings, isWritten), null, 2));
  else for (const line of tellDraft(drafted, files, findings, isWritten)) shell.out(line);
  return findings.some(({ severity }) => severity === 'mistake') ? EXIT.mistakes : EXIT.ok;
}

async function isWanted(files: readonly DraftFile[], { json }: DraftFlags, { interactive }: Shell): Promise<boolean> {
  if (!interactive || json) return true;
  const answer = await confirm({ message: `Write ${files.map(({ path }) => path).join(', ')}?` });
  return !isCancel(answer) && answer;
}

function summaryOf(
  { definition, questions, unsupported }: Draft,
  files: readonly DraftFile[],
  findings: readonly Finding[],
  written: boolean,
): object {
  return { written, files: files.map(({ path }) => path), definition, questions, unsupported, findings };
}
