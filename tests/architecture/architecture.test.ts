import { describe, expect, it } from 'vitest';
import { type Import, importsBelow, importsOf, rowOf } from './imports.ts';

/**
 * The house: which folder may import which folders and packages. A folder may always import
 * itself. If this fails, move the code, not the table.
 */
const table: Record<string, { folders: string[]; packages: RegExp }> = {
  shared: { folders: [], packages: /^(zod\/mini|yaml|echarts(\/.*)?)$/ },
  renderer: {
    folders: ['shared'],
    packages:
      /^(react|react-dom|zustand|echarts|@mantine\/[\w-]+|@tanstack\/[\w-]+|@fontsource-variable\/inter)(\/.*)?$/,
  },
  'electron/preload': { folders: ['shared'], packages: /^electron$/ },
  'electron/main': {
    folders: ['electron/core', 'electron/hosts', 'shared'],
    packages: /^(electron|node:.*)$/,
  },
  'electron/hosts': {
    folders: ['electron/core', 'electron/core/analysis', 'shared'],
    packages: /^(zod\/mini|node:.*)$/,
  },
  'electron/core': { folders: ['shared'], packages: /^(zod\/.*|node:.*)$/ },
  'electron/core/analysis': { folders: ['shared'], packages: /^(highs|zod\/.*|node:.*)$/ },
  'electron/core/store': { folders: ['shared'], packages: /^(better-sqlite3|node:.*)$/ },
  'electron/core/ingest': {
    folders: ['electron/core/store', 'shared'],
    packages: /^(@duckdb\/node-api|node:.*)$/,
  },
  'electron/core/reports': {
    folders: ['electron/core', 'electron/core/store', 'shared'],
    packages: /^(echarts(\/.*)?|node:.*)$/,
  },
};
const rows = Object.keys(table);
/** `electron/core` covers its features, which may use the folders that have rows of their own. */
const inside: Record<string, string[]> = {
  'electron/core': [
    'electron/core/analysis',
    'electron/core/store',
    'electron/core/ingest',
    'electron/core/reports',
  ],
  'electron/main': ['electron/core/store'],
};

function violation({ file, target, line }: Import): string | null {
  const row = rowOf(file, rows);
  const rule = row ? table[row] : undefined;
  if (!row || !rule) return `${file}:${line} lies in no folder of the table`;
  const relative = rowOf(target, rows);
  if (relative !== undefined || target.startsWith('.') || target.includes('/electron/')) {
    const allowed = [row, ...rule.folders, ...(inside[row] ?? [])];
    return relative && allowed.includes(relative) ? null : `${file}:${line} imports ${target}`;
  }
  if (rule.packages.test(target)) return null;
  return `${file}:${line} imports ${target}`;
}

const files = ['shared', 'renderer', 'electron'].flatMap(importsBelow);

describe('the house', () => {
  it('reads every folder of the table', () => {
    for (const row of rows) {
      expect(
        files.some(({ file }) => rowOf(file, rows) === row),
        row,
      ).toBe(true);
    }
  });

  it('imports one way only', () => {
    expect(files.map(violation).filter((found) => found !== null)).toEqual([]);
  });

  it.each([
    ['renderer/pages/costs/CostsPage.tsx', "import Database from 'better-sqlite3';"],
    ['renderer/app/App.tsx', "import { openCore } from '../../electron/core/api.ts';"],
    ['renderer/app/App.tsx', "const fs = await import('node:fs');"],
    ['electron/core/api.ts', "import { app } from 'electron';"],
    ['electron/core/costs/query.ts', "export { default } from 'better-sqlite3';"],
    ['electron/core/costs/query.ts', "import { DuckDBInstance } from '@duckdb/node-api';"],
    ['electron/core/store/open.ts', "import { readBill } from '../ingest/read-bill.ts';"],
    ['electron/hosts/cli.ts', "import { app } from 'electron';"],
    ['shared/domain/exact.ts', "import { readFileSync } from 'node:fs';"],
    ['shared/charts/axis.ts', "import { useState } from 'react';"],
    ['electron/preload/preload.ts', "import { openStore } from '../core/store/open.ts';"],
  ])('would refuse in %s: %s', (file, code) => {
    expect(importsOf(file, code).map(violation)).toEqual([expect.stringContaining(file)]);
  });

  it('creates databases in the store only', () => {
    const creating = files.filter(({ target }) => target === 'better-sqlite3');
    expect(creating.every(({ file }) => file.startsWith('electron/core/store/'))).toBe(true);
  });
});
