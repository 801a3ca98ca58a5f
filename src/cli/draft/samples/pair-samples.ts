import { basename, dirname, extname } from 'node:path';
import { CommandError } from '../../shell.ts';
import { wordsOf } from '../wsdl/names.ts';
import type { XmlSample } from './sample-exchange.ts';

/** A file or document from an address, read. */
export interface SampleFile {
  readonly location: string;
  readonly bytes: Uint8Array;
}

const REQUEST = /^(?:request|req|sent)(\d*)$/;
const ANSWER = /^(?:response|resp|reply|answer)(\d*)$/;

interface NamedFile extends SampleFile {
  readonly isRequest: boolean;
  /** The name without the word that tells request from answer: the same for both. */
  readonly key: string;
}

/**
 * Puts requests to their answers by name: `find.request.xml` and `find.response.xml`, `sent.xml` and `reply.xml`, in
 * one folder. A file whose name says nothing is an answer. Throws CommandError for a request without its answer.
 */
export function pairSamples(files: readonly SampleFile[]): readonly XmlSample[] {
  const named = files.map(nameOf);
  const answers = named.filter(({ isRequest }) => !isRequest);
  const requests = new Map(named.filter(({ isRequest }) => isRequest).map((file) => [file.key, file]));
  const samples = answers.map(({ key, location, bytes }): XmlSample => {
    const request = requests.get(key);
    requests.delete(key);
    return { name: location, ...(request === undefined ? {} : { request: request.bytes }), response: bytes };
  });
  const [alone] = requests.values();
  if (alone === undefined) return samples;
  throw new CommandError(
    `${alone.location} is named as a request, and no answer is named like it: give both, such as find.request.xml and find.response.xml`,
  );
}

function nameOf(file: SampleFile): NamedFile {
  const { location } = file;
  const words = wordsOf(basename(location, extname(location)));
  const index = words.findLastIndex((word) => REQUEST.test(word) || ANSWER.test(word));
  const word = words[index] ?? '';
  const number = (REQUEST.exec(word) ?? ANSWER.exec(word))?.[1] ?? '';
  const others = index < 0 ? words : words.toSpliced(index, 1, number);
  return { ...file, isRequest: REQUEST.test(word), key: [dirname(location), ...others].join('/') };
}
