import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdapterDefinition, FormatName } from '../../model/definition.ts';
import type { JsonObject } from '../../model/json.ts';
import type { WorkbenchRequest } from '../check/workbench.ts';
import { CommandError } from '../shell.ts';
import { type ReceivedReply, tryOperation } from './try-operation.ts';

const EXTENSIONS: Readonly<Record<FormatName, string>> = { soap: 'xml', xml: 'xml', csv: 'csv', fixedWidth: 'txt' };

/**
 * Keeps an exchange as an example case, made anew with invented settings so that no credential gets into it. Gives the
 * folder. Throws CommandError where there is an example of this name.
 */
export async function saveExample(
  projectFolder: string,
  adapter: AdapterDefinition,
  operation: string,
  request: WorkbenchRequest,
  reply: ReceivedReply,
  name: string,
): Promise<string> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new CommandError('The name of an example has a-z, 0-9 and hyphens');
  const folder = join(projectFolder, 'adapters', adapter.name, 'examples', name);
  if (existsSync(folder)) throw new CommandError(`${folder} is there already`);
  const { sent, status, answer } = await tryOperation(adapter, operation, request, {}, async () => reply);
  const definition = adapter.operations[operation];
  const endpoint = adapter.legacy[definition?.via ?? Object.keys(adapter.legacy)[0] ?? ''];
  const file = `reply.${EXTENSIONS[endpoint?.format ?? 'xml']}`;
  const { body, ...line } = request;
  const problem = answer as JsonObject;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, file), reply.bytes);
  const example = {
    title: definition?.summary ?? operation,
    request: { ...line, ...(body !== undefined && { body }) },
    ...(sent !== undefined && { sent: { method: sent.method, path: sent.path } }),
    reply: { status: reply.status, contentType: reply.contentType, file },
    answer: status < 400 ? { status, body: answer } : { status, problem: problem.code },
  };
  writeFileSync(join(folder, 'case.json'), `${JSON.stringify(example, null, 2)}\n`);
  return folder;
}
