import { confirm, isCancel } from '@clack/prompts';
import type { Command } from 'commander';
import { compileCatalogue, DefinitionError } from '../../catalogue/compile.ts';
import { formats } from '../../formats/index.ts';
import { compileMapping } from '../../mapping/compile.ts';
import type { AdapterDefinition } from '../../model/definition.ts';
import { findAdapter, loadAdapters } from '../load-adapters.ts';
import { CommandError, type Done, EXIT, type ExitCode, type Shell } from '../shell.ts';
import { applyPlan, NotAccepted } from './apply-plan.ts';
import { connectManagementApi, type ManagementApi } from './management-api.ts';
import { makePlan, type Plan } from './plan.ts';
import { readState } from './read-state.ts';
import { type Outcome, reportOf } from './report.ts';
import { hidingSecrets, readApiKey } from './secrets.ts';
import { describeStep, tellPlan, tellUse, tellWarning } from './tell-plan.ts';
import { readTlsCertificate } from './tls-certificate.ts';
import { trustOnly } from './trusted-send.ts';
import { readWish, type Wish, type WishFlags } from './wish.ts';

interface RegisterFlags extends WishFlags {
  readonly securityServer: string;
  readonly tlsCertificate?: string;
  readonly ca?: string;
  readonly acceptWarnings?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

export function addRegisterCommand(program: Command, shell: Shell, done: Done): void {
  program
    .command('register')
    .description('Register an adapter as a service in a security server, or bring what is there up to date')
    .argument('<adapter>')
    .requiredOption('--security-server <address>', 'its management API: https://host:4000')
    .requiredOption('--client <id>', 'the subsystem that provides it: INSTANCE/CLASS/MEMBER/SUBSYSTEM')
    .requiredOption('--url <url>', 'the service URL, as the security server reaches the adapter: https://host/adapter')
    .option(
      '--access <who>',
      'who may call: a subsystem, local-group:CODE or global-group:INSTANCE/CODE, with #operation,… for single ones; again for more',
      (who: string, before: readonly string[] = []) => [...before, who],
    )
    .option('--timeout <seconds>', 'the service timeout; else what is set, or one that leaves the adapter its time')
    .option('--verify-tls', "check the adapter's certificate against those uploaded; default for a new service")
    .option('--no-verify-tls', 'take any certificate')
    .option('--tls-certificate <file>', "PEM: the adapter's certificate, uploaded so that it can be verified")
    .option('--ca <file>', "PEM: the management API's own certificate, or the one that issued it")
    .option('--accept-warnings', 'go on when the security server warns')
    .option('--dry-run', 'show the plan and change nothing')
    .option('--yes', 'ask nothing before the changes')
    .option('--json', 'print plan and outcome as JSON; asks nothing')
    .addHelpText(
      'after',
      '\nThe API key is taken from SPEAN_API_KEY (docs/register.md). Exit code 0 when the security server has it all or the plan was shown, 1 when something was left undone at a warning or a no, 2 when it failed; then run it again, it goes on from there.',
    )
    .action(
      done((adapter: string, flags: RegisterFlags) =>
        hidingSecrets(shell, (hiding) => register(adapter, flags, hiding)),
      ),
    );
}

async function register(name: string, flags: RegisterFlags, shell: Shell): Promise<ExitCode> {
  const adapter = findAdapter(await loadAdapters(shell.folder), name);
  requireCompiling(adapter);
  const { tlsCertificate: file } = flags;
  const wish = readWish(adapter, flags, file === undefined ? undefined : await readTlsCertificate(file, shell.folder));
  const api = await connect(flags, shell);
  const plan = makePlan(await readState(wish, api), wish);
  if (!flags.json) for (const line of tellPlan(plan, wish)) shell.out(line);
  const outcome = await carryOut(plan, wish, api, flags, shell);
  if (flags.json) shell.out(JSON.stringify(reportOf(plan, wish, outcome), null, 2));
  else if (outcome.error !== undefined) shell.note(outcome.error);
  else if (outcome.state === 'applied') shell.out(tellUse(wish));
  return EXIT_OF[outcome.state];
}

const EXIT_OF: Readonly<Record<Outcome['state'], ExitCode>> = {
  planned: EXIT.ok,
  unchanged: EXIT.ok,
  applied: EXIT.ok,
  declined: EXIT.mistakes,
  stopped: EXIT.mistakes,
  failed: EXIT.failed,
};

function requireCompiling(adapter: AdapterDefinition): void {
  try {
    compileCatalogue([adapter], { formats, compileMapping });
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new CommandError(
      `${adapter.name} has mistakes, so that nothing could serve it: run "spean check ${adapter.name}"`,
    );
  }
}

async function connect({ securityServer, ca }: RegisterFlags, shell: Shell): Promise<ManagementApi> {
  const access = {
    origin: readOrigin(securityServer),
    apiKey: readApiKey(shell),
    send: ca === undefined ? shell.fetch : await trustOnly(ca, shell.folder),
  };
  return connectManagementApi(access, shell);
}

/** The key travels with every request: in the clear it may only stay on this machine, such as at the end of a tunnel. */
function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url.origin;
  throw new CommandError(
    `--security-server ${text}: write https://host:4000; over http:// the API key could be read on the way`,
  );
}

async function carryOut(
  plan: Plan,
  wish: Wish,
  api: ManagementApi,
  flags: RegisterFlags,
  shell: Shell,
): Promise<Outcome> {
  if (plan.steps.length === 0) return { state: 'unchanged', done: [], warnings: [] };
  if (flags.dryRun) return { state: 'planned', done: [], warnings: [] };
  const mayAsk = shell.interactive && !flags.json;
  if (mayAsk && !flags.yes && !(await ask('Make these changes?'))) return { state: 'declined', done: [], warnings: [] };
  const done: Outcome['done'][number][] = [];
  const warnings: Outcome['warnings'][number][] = [];
  try {
    await applyPlan(plan, wish, api, {
      done: (step) => {
        done.push(step);
        if (!flags.json) shell.out(`Done: ${describeStep(step, wish)[0]}`);
      },
      accept: async (_step, given) => {
        for (const line of given.flatMap(tellWarning)) shell.note(line);
        const accepted = flags.acceptWarnings ?? (mayAsk && (await ask('Go on all the same?')));
        warnings.push(...given.map((warning) => ({ ...warning, accepted })));
        return accepted;
      },
    });
    return { state: 'applied', done, warnings };
  } catch (error) {
    return { ...unfinished(error, `${done.length} of ${plan.steps.length} changes are made`), done, warnings };
  }
}

/** Throws on what is no refusal but a mistake of this program. */
function unfinished(error: unknown, progress: string): Pick<Outcome, 'state' | 'error'> {
  if (error instanceof NotAccepted) {
    const hint = 'the security server warns; run this again with --accept-warnings once you have read what it means';
    return { state: 'stopped', error: `${progress}: ${hint}` };
  }
  if (error instanceof CommandError) return { state: 'failed', error: `${progress}: ${error.message}` };
  throw error;
}

async function ask(message: string): Promise<boolean> {
  const answer = await confirm({ message });
  return !isCancel(answer) && answer;
}
