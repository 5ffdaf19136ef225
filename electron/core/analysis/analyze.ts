import { type Answer, analyze } from '../../../shared/analysis/analyze.ts';
import { readBundle } from './read-bundle.ts';
import { highsSolver } from './solver.ts';

/** Reads a bundle's folder and answers it; needs no data folder and changes nothing. */
export async function analyzeFolder(folder: string): Promise<Answer> {
  const bundle = readBundle(folder);
  return analyze(bundle, await highsSolver());
}
