import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exampleRules, patternTest, readRules } from '../../shared/workloads/userRules.ts';

/** The problems of a text as "line:column message", and what they mark. */
async function problems(text: string): Promise<string[]> {
  const lines = text.split('\n');
  return (await readRules(text)).problems.map(({ line, column, length, message }) => {
    const marked = (lines[line - 1] ?? '').slice(column - 1, column - 1 + length);
    return `${line}:${column} ${marked} ${message}`;
  });
}
const rule = (body: string) => `{ "rules": [\n${body}\n] }`;

describe('the text of rules', () => {
  test('the example is good, and an empty text is none', async () => {
    const { rules, problems: found } = await readRules(exampleRules);
    expect(found).toEqual([]);
    expect(rules.map(({ name }) => name)).toEqual([
      'Vision training',
      'Notebooks by owner',
      'Shared cluster',
      'Platform team',
    ]);
    expect(rules[0]).toMatchObject({
      purpose: 'training',
      workload: 'workload:vision',
      split: null,
    });
    expect(rules[1]?.when).toContainEqual({ field: 'tag:owner', patterns: [null], not: true });
    expect(rules[2]?.split).toEqual({ method: 'proportional', to: null });
    expect(rules[3]?.split?.to).toEqual([
      { workload: 'workload:vision', part: 60 },
      { workload: 'endpoint:chat', part: 40 },
    ]);
    expect(await readRules(' \n')).toEqual({ rules: [], problems: [] });
  });

  test('a list alone, comments and trailing commas are read', async () => {
    const text = '[ # one\n { "when": { "service": "a", }, /* two */ "purpose": "Not AI", }, ]';
    expect(await readRules(text)).toMatchObject({
      problems: [],
      rules: [{ name: 'rule 1', purpose: 'not-ai' }],
    });
  });

  test.each([
    ['{ "rules": [ ', '1:14  The text ends too early.'],
    ['{ "rules": [] ] ', '1:15  A comma or } is missing here.'],
    ['{ "rules": [] } x', '1:17  Here the text should end.'],
    [
      '{ "rules": {} }',
      '1:12 {} The text is { "rules": [ ... ] }, or in YAML "rules:" and a list.',
    ],
    ['{ "rules": [nix] }', '1:13 nix Text needs double quotes: "nix".'],
    ['{ "rules": ["a\nb"] }', '1:13  The quotes that begin here are not closed in this line.'],
  ])('%j', async (text, expected) => {
    expect((await problems(text))[0]).toBe(expected);
  });

  test.each([
    [
      '{ "when": { "colour": "x" }, "purpose": "training" }',
      '2:13 "colour" There is no field "colour".',
    ],
    ['{ "when": { "service": {} }, "purpose": "training" }', '2:24 {} A condition is a text'],
    ['{ "when": { "service": "x" }, "purpose": "fun" }', '2:42 "fun" There is no purpose "fun".'],
    ['{ "when": {}, "purpose": "training" }', '2:11 {} "when" is { "field": "pattern", ... }'],
    ['{ "purpose": "training" }', '2:1 { "purpose": "training" } A rule needs "when".'],
    ['{ "when": { "service": "x" } }', '2:1 { "when": { "service": "x" } } This rule does nothing'],
    ['{ "when": { "service": "x" }, "workload": "a {b}" }', '2:43 "a {b}" {b} is no field.'],
    [
      '{ "when": { "service": "x" }, "split": { "by": "half", "to": "all" } }',
      '2:48 "half" "by" is "even", "proportional" or "fixed".',
    ],
    [
      '{ "when": { "service": "x" }, "split": { "by": "fixed", "to": { "a": 60, "b": 30 } } }',
      '2:63 { "a": 60, "b": 30 } The percentages add up to 90, not to 100.',
    ],
    [
      '{ "when": { "service": "x" }, "split": { "by": "fixed", "to": { "a": -1, "b": 101 } } }',
      '2:70 -1 A percentage is a number above 0',
    ],
    [
      '{ "when": { "service": "x" }, "purpose": "training", "price": 1 }',
      '2:54 "price" A rule has no "price"',
    ],
    ['{ "when": { "a": 1, "a": 2 } }', '2:21 "a" "a" stands here a second time.'],
  ])('a problem is marked where it stands: %s', async (body, expected) => {
    const [first = ''] = await problems(rule(body));
    expect(first.slice(0, expected.length)).toBe(expected);
    expect((await readRules(rule(body))).rules).toEqual([]);
  });

  test('two rules of one name', async () => {
    const body = '{ "name": "a", "when": { "unit": "x" }, "purpose": "training" }';
    expect((await problems(rule(`${body},\n${body}`)))[0]).toContain('Two rules are called "a".');
  });
});

const yaml = `# the same as the example
rules:
  - name: Vision training
    when:
      tag:team: vision
      instance: [p4d.*, p5.*]
    purpose: training
    workload: vision
  - name: Notebooks by owner
    when:
      resource-name: '*notebook*'
      tag:owner:
        not: null
    purpose: notebook
    workload: notebooks of {tag:owner}
  - name: Shared cluster
    when: { tag:cluster: ml-shared, tag:team: ~ }
    split: { by: proportional, to: all }
  - name: Platform team
    when:
      service: AWS Support*
    split:
      by: fixed
      to:
        vision: 60
        endpoint:chat: 40
`;

describe('rules in YAML', () => {
  test('the example says the same in both', async () => {
    const found = await readRules(yaml);
    expect(found).toEqual(await readRules(exampleRules));
    expect(found.rules).toHaveLength(4);
  });

  test('a text keeps its letters: numbers, zeros and yes', async () => {
    const text =
      'rules:\n- when: { account: [001234567890, 1e3], tag:gpu: true }\n  purpose: training';
    const { rules, problems: found } = await readRules(text);
    expect(found).toEqual([]);
    expect(rules[0]?.when).toEqual([
      { field: 'account', patterns: ['001234567890', '1e3'], not: false },
      { field: 'tag:gpu', patterns: ['true'], not: false },
    ]);
  });

  test.each([
    [
      'rules:\n- when: { colour: x }\n  purpose: training',
      '2:11 colour There is no field "colour".',
    ],
    ['rules:\n- when: { unit: x }\n  purpose: fun', '3:12 fun There is no purpose "fun".'],
    ['rules: 7', '1:8 7 The text is { "rules": [ ... ] }'],
    [
      'rules:\n- when: { unit: x }\n  when: { unit: y }',
      '3:3 w This name stands here a second time.',
    ],
    ['rules:\n- when: { service: *x }', '2:20 *x A text that begins with * stands in quotes.'],
    ['a: &x [1]\nrules: *x', '1:7 [1] Anchors and tags are not read'],
    ['rules:\n- when: { unit: !!str 5 }', '2:23 5 Anchors and tags are not read'],
    ['rules: []\n---\nrules: []', '2:1 --- The text has a second document'],
    ['rules:\n\t- when', '2:1 \t A line begins with a tab'],
    ['? [a, b]\n: 1', '1:3 [a, b] A name is a text.'],
    [`rules:\n- when: {a: ${'['.repeat(50)}${']'.repeat(50)}}`, '2:30  This is nested too deep.'],
  ])('%j', async (text, expected) => {
    const [first = ''] = await problems(text);
    expect(first.slice(0, expected.length)).toBe(expected);
    expect((await readRules(text)).rules).toEqual([]);
  });

  test('any text is answered with rules or problems', async () => {
    const bits = [
      ...'rules:\n- when {}[]*&!|>%@#"\'~,? unit purpose training \t'.split(' '),
      '\n  ',
      ' ',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...bits), { maxLength: 30 }), async (parts) => {
        const { rules, problems: found } = await readRules(parts.join(''));
        expect(rules.length > 0 ? found : rules).toEqual([]);
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

describe('patterns', () => {
  test.each([
    [['p4d.*'], 'p4d.24xlarge', true],
    [['P4D.*'], 'p4d.24xlarge', true],
    [['p4d.?'], 'p4d.24xlarge', false],
    [['p?d*'], 'p4d.24xlarge', true],
    [['a+b(c)'], 'a+b(c)', true],
    [['a.c'], 'abc', false],
    [['x', '*large'], 'p4d.24xlarge', true],
    [['*'], '', false],
    [[null], '', true],
    [[null], 'x', false],
    [['a*b'], 'a\nb', true],
  ] as [(string | null)[], string, boolean][])('%j on %j', (patterns, value, expected) => {
    expect(patternTest(patterns)(value)).toBe(expected);
  });
});
