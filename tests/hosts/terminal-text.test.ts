import { expect, test } from 'vitest';
import { terminalText } from '../../electron/hosts/terminal-text.ts';
import { focusCsv, focusRow } from '../builders/focus.ts';
import { workspace } from '../builders/workspace.ts';

test('lines and columns stay, commands to the terminal are spelled out', () => {
  expect(terminalText('a\tb\nc é 😀 −1')).toBe('a\tb\nc é 😀 −1');
  expect(terminalText('\u001b[31mred\u0007\u009b\u202Ecod')).toBe(
    '\\u001b[31mred\\u0007\\u009b\\u202ecod',
  );
});

test('names and cells of a bill cannot speak to the terminal', async () => {
  const place = workspace();
  try {
    const escape = '\u001b]0;title\u0007';
    const good = place.file('good.csv', focusCsv([focusRow({ ServiceName: `S${escape}` })]));
    const bad = place.file(`${escape}.csv`, focusCsv([focusRow({ BilledCost: escape })]));
    const answers = [
      await place.cli('import', good, bad),
      await place.cli('costs', '--by', 'service'),
      await place.cli('costs', '--by', escape),
    ];
    for (const { out, err } of answers) {
      expect(out + err).not.toContain('\u001b');
      expect(out + err).not.toContain('\u0007');
    }
    expect(answers[0]?.out).toContain('\\u001b]0;title\\u0007.csv, row 2, BilledCost');
    expect(answers[1]?.out).toContain('S\\u001b]0;title\\u0007');
    const json = await place.cli('costs', '--by', 'service', '--json');
    expect(JSON.parse(json.out)).toMatchObject({ rows: [{ keys: { service: `S${escape}` } }] });
  } finally {
    await place.close();
  }
});
