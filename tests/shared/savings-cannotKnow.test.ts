import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gateDefaults } from '../../shared/analysis/gates.ts';
import { cannotKnow, consequenceWords } from '../../shared/savings/cannotKnow.ts';

const page = '../../docs/what-outlay-cannot-know.md';

/** The page in docs says the very same, with `vitest -u` written anew from the data. */
test('docs/what-outlay-cannot-know.md is what the window and the reports say', async () => {
  const sections = cannotKnow.map(({ missing, effects, ask }) =>
    [
      `## Without ${missing}`,
      '',
      ...effects.map(
        ({ figure, becomes, text }) => `- **${figure}: ${consequenceWords[becomes]}.** ${text}`,
      ),
      '',
      `What helps: ${ask}`,
    ].join('\n'),
  );
  const text = `# What Outlay cannot know

A bill says what was charged. It does not say what the machines did, what they could be bought for, or
what the work allows. This page says what is missing without each of these, and what that does to each
figure: whether it is withheld, unknown, wider, assumed, kept apart, or a hypothesis outside the headline.
The page Savings shows the same text, and reports print it; the plan itself names what is missing for the
bill that is loaded. Its source is \`shared/savings/cannotKnow.ts\`.

${sections.join('\n\n')}
`;
  await expect(text).toMatchFileSnapshot(page);
});

test('every effect has words of its own, and thresholds are those of the analysis', () => {
  const figures = cannotKnow.flatMap(({ effects }) => effects.map(({ figure }) => figure));
  expect(new Set(figures).size).toBe(figures.length);
  for (const { effects, ask } of cannotKnow) {
    expect(effects.length).toBeGreaterThan(0);
    for (const { text } of effects) expect(text).toMatch(/^[A-Z±].*\.$/);
    expect(ask).toMatch(/\.$/);
  }
  const text = readFileSync(new URL(page, import.meta.url), 'utf8');
  expect(text).toContain(`${gateDefaults.gpuMemory * 100}% of the target`);
  expect(text).toContain(`over at least ${gateDefaults.lookbackDays} days`);
});
