import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { priceSheetLines } from './priceSheet.ts';
import { sampleFiles } from './sample.ts';
import { telemetryFiles } from './telemetry.ts';

/** The label under which all of the sample company is loaded, and removed again. */
export const sampleSource = 'sample';

/** Writes the sample's bills into a folder, creating it where missing; answers their paths. */
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

/** Writes what the sample company measured; the host of a file that does not name its machine. */
export async function writeTelemetry(
  folder: string,
): Promise<{ path: string; host: string | undefined }[]> {
  await mkdir(folder, { recursive: true });
  const files: { path: string; host: string | undefined }[] = [];
  for (const { name, host, text } of telemetryFiles()) {
    const path = join(folder, name);
    await pipeline(Readable.from(text()), createWriteStream(path));
    files.push({ path, host });
  }
  return files;
}

/** Writes the sample company's price sheet; answers its path. */
export async function writePriceSheet(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'negotiated-prices.csv');
  await pipeline(Readable.from(blocks(priceSheetLines())), createWriteStream(path));
  return path;
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
