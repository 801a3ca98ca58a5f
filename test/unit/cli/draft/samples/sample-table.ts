/** `node scripts/run.mjs test/unit/cli/draft/samples/sample-table.ts`: what becomes of every XML sample, one a line. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { draftFromXmlSamples, type XmlSample } from '../../../../../src/cli/draft/samples/draft-from-xml-samples.ts';
import { samplesFolder } from '../../../../support/samples.ts';
import { compileDraft } from '../wsdl/draft-file.ts';

/** Samples by path relative to the folder: single answers, and pairs of request and answer. */
export function xmlSamples(folder: string): readonly string[] {
  const files = ['soap', 'soap/derived', 'xml'].flatMap((part) =>
    readdirSync(join(folder, part), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => `${part}/${name}`),
  );
  const pairs = readdirSync(join(folder, 'peer/node-soap-samples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('response.xml'))
    .map((name) => `peer/node-soap-samples/${name}`);
  return [...files, ...pairs].sort();
}

export function readXmlSample(folder: string, path: string): XmlSample {
  const request = join(folder, path.replace(/response\.xml$/, 'request.xml'));
  const isPair = path.startsWith('peer/') && existsSync(request);
  const response = new Uint8Array(readFileSync(join(folder, path)));
  return { name: path, response, ...(isPair ? { request: new Uint8Array(readFileSync(request)) } : {}) };
}

async function tableLine(folder: string, path: string): Promise<string> {
  try {
    const draft = await draftFromXmlSamples([readXmlSample(folder, path)], { name: 'drafted' });
    const { operations } = compileDraft(draft);
    const { questions, unsupported, examples } = draft;
    const told = unsupported.map(({ place, construct, consequence }) => `${place}: ${construct}: ${consequence}`);
    return `| ${path} | ${operations.map(({ name }) => name).join(' ')} | ${questions.length} | ${examples.length} | ${told.join('; ')} |`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `| ${path} | refused | | | ${reason.replace(/\s+/g, ' ')} |`;
  }
}

if (import.meta.main && samplesFolder !== undefined) {
  console.log('| sample | operations | questions | examples | unsupported |\n|---|---|---|---|---|');
  for (const path of xmlSamples(samplesFolder)) console.log(await tableLine(samplesFolder, path));
}
