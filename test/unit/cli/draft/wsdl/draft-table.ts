/** `node scripts/run.mjs test/unit/cli/draft/wsdl/draft-table.ts`: what becomes of every WSDL of the samples, one a line. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { samplesFolder } from '../../../../support/samples.ts';
import { compileDraft, draftFile } from './draft-file.ts';

/** Entry documents among the samples, by path: named otherwise, or only parts of another. */
const NAMED_OTHERWISE = ['wsdl/phpsoap-imports/wsdl.xml', 'wsdl/pl-gus-bir1/UslugaBIRzewnPubl.xsd'];

/** Paths of all WSDLs below the samples' folder, relative to it. */
export function sampleWsdls(folder: string): readonly string[] {
  const found = ['wsdl', 'peer', 'bad/wsdl-xroad'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: 'utf8' }).map((name) => `${part}/${name}`),
  );
  return found.filter((path) => path.endsWith('.wsdl') || NAMED_OTHERWISE.includes(path)).sort();
}

async function tableLine(folder: string, path: string): Promise<string> {
  try {
    const draft = await draftFile(join(folder, path));
    const { operations } = compileDraft(draft);
    const { questions, unsupported } = draft;
    return `| ${path} | ${operations.length} | ${questions.length} | ${unsupported.length} |`;
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replaceAll(`${folder}/`, '');
    return `| ${path} | refused | | ${reason.replace(/\s+/g, ' ')} |`;
  }
}

if (import.meta.main && samplesFolder !== undefined) {
  console.log('| WSDL | operations | questions | unsupported |\n|---|---|---|---|');
  for (const path of sampleWsdls(samplesFolder)) console.log(await tableLine(samplesFolder, path));
}
