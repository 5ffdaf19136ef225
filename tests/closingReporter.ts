import type { Reporter, TestModule } from 'vitest/node';
import { sampleDataMark } from './builders/sampleDataMark.ts';

/** Ends a run with two lines: the tests on the public sample files, and all tests. */
export default class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const sample = { ran: 0, skipped: 0 };
    const all = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      // A file that cannot be loaded has no tests to count as failed.
      if (!module.ok() && module.errors().length > 0) all.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed' || state === 'skipped') all[state]++;
        if (test.name.startsWith(sampleDataMark)) sample[state === 'skipped' ? 'skipped' : 'ran']++;
      }
    }
    if (sample.ran + sample.skipped > 0) {
      console.info(`Sample data tests: ${sample.ran} ran, ${sample.skipped} skipped.`);
    }
    console.info(`tests: ${all.passed} passed, ${all.failed} failed, ${all.skipped} skipped`);
  }
}
