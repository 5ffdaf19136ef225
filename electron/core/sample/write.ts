import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sampleFiles } from './sample.ts';

/** The label under which the sample company's bill is loaded, and removed again. */
export const sampleSource = 'sample';

/** Writes the sample's files into a folder, creating it where missing; answers their paths. */
export async function writeSample(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const file of sampleFiles()) {
    const path = join(folder, file.name);
    await pipeline(Readable.from(blocks(file.lines())), createWriteStream(path));
    paths.push(path);
  }
  return paths;
}

const linesInBlock = 500;

/** Lines joined into blocks, because a write for every line is slow. */
function* blocks(lines: Iterable<string>): Iterable<string> {
  let block: string[] = [];
  for (const line of lines) {
    block.push(line);
    if (block.length === linesInBlock) {
      yield `${block.join('\n')}\n`;
      block = [];
    }
  }
  if (block.length > 0) yield `${block.join('\n')}\n`;
}
