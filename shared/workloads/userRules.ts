import { type Purpose, purposes, purposeTitles } from './purposes.ts';
import { type JsonNode, placeIn, readJson, TextProblem } from './jsonText.ts';
import { type WorkloadKind, workloadKinds } from './workload.ts';

/** What conditions can ask; `tag:KEY` is one more for every tag key. */
export const ruleFields = {
  provider: 'Provider as the bill names it',
  'billing-account': 'Billing account id',
  account: 'Account id',
  'account-name': 'Account name',
  service: 'Service',
  category: 'Service category',
  region: 'Region',
  sku: 'SKU id',
  meter: 'Usage type, SKU description or meter name',
  resource: 'Resource id',
  'resource-name': 'Resource name',
  pricing: 'Pricing category: Standard, Dynamic, Committed',
  charge: 'Charge category: Usage, Purchase, Tax, Credit, Adjustment',
  commitment: 'Commitment id',
  instance: 'Instance type',
  unit: 'Unit of the quantity',
  invoice: 'Invoice id',
  purpose: 'Purpose that Outlay has found by itself',
  workload: 'Workload that Outlay has found by itself, as kind:name',
} as const;
export type RuleField = keyof typeof ruleFields | `tag:${string}`;

/** A condition: any of the patterns, or none of them. A null pattern stands for no value. */
export interface Condition {
  field: RuleField;
  patterns: readonly (string | null)[];
  not: boolean;
}

export interface Split {
  method: 'even' | 'proportional' | 'fixed';
  /** Workload ids with their part of a fixed split, else 0; null: all AI workloads. */
  to: readonly { workload: string; part: number }[] | null;
}

/** A rule of the user's own. The first one that holds decides. */
export interface UserRule {
  name: string;
  when: readonly Condition[];
  purpose: Purpose | null;
  /** Workload id, in which {field} stands for the charge's own value. */
  workload: string | null;
  split: Split | null;
}

export interface RuleProblem {
  line: number;
  column: number;
  length: number;
  message: string;
}

const mostRules = 2000;
const mostProblems = 50;

/** JSON, whatever comments stand before it. */
const beginsAsJson = /^(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/|#[^\n]*)*[[{]/;

/**
 * Reads the text of a rule file, JSON with comments or YAML. Problems name the place; with any of them
 * there are no rules.
 */
export async function readRules(
  text: string,
): Promise<{ rules: UserRule[]; problems: RuleProblem[] }> {
  const found: TextProblem[] = [];
  const rules: UserRule[] = [];
  const problem = (node: { at: number; end: number }, message: string) =>
    void found.push(new TextProblem(message, node.at, node.end - node.at));
  try {
    if (text.trim() !== '') readAll(await treeOf(text));
  } catch (error) {
    if (!(error instanceof TextProblem)) throw error;
    found.push(error);
  }
  const problems = found.slice(0, mostProblems).map(({ at, length, message }) => ({
    ...placeIn(text, at),
    length,
    message,
  }));
  return { rules: problems.length > 0 ? [] : rules, problems };

  function readAll(root: JsonNode): void {
    const list =
      root.kind === 'object'
        ? fieldsOf(root, 'The text', { rules: true }).get('rules')?.value
        : root;
    if (!list || list.kind !== 'array') {
      problem(list ?? root, 'The text is { "rules": [ ... ] }, or in YAML "rules:" and a list.');
      return;
    }
    if (list.items.length > mostRules) problem(list, `These are more than ${mostRules} rules.`);
    const names = new Set<string>();
    for (const [place, item] of list.items.entries()) {
      const rule = readRule(item, place + 1);
      if (!rule) continue;
      if (names.has(rule.name)) problem(item, `Two rules are called "${rule.name}".`);
      names.add(rule.name);
      rules.push(rule);
    }
  }

  function readRule(node: JsonNode, number: number): UserRule | null {
    if (node.kind !== 'object') {
      problem(node, 'A rule has "name", "when" and what it gives.');
      return null;
    }
    const fields = fieldsOf(node, 'A rule', {
      name: false,
      when: true,
      purpose: false,
      workload: false,
      split: false,
    });
    const nameNode = fields.get('name')?.value;
    const name = nameNode ? textOf(nameNode, 'A name') : `rule ${number}`;
    const when = conditions(fields.get('when')?.value);
    const purposeNode = fields.get('purpose')?.value;
    const purpose = purposeNode ? purposeOf(purposeNode) : null;
    const workloadNode = fields.get('workload')?.value;
    const workload = workloadNode ? workloadId(workloadNode) : null;
    const splitNode = fields.get('split')?.value;
    const split = splitNode ? readSplit(splitNode) : null;
    if (workloadNode && splitNode)
      problem(splitNode, 'A rule gives a workload or splits, not both.');
    if (!purposeNode && !workloadNode && !splitNode) {
      problem(node, 'This rule does nothing: give it "purpose", "workload" or "split".');
    }
    return { name: name ?? `rule ${number}`, when, purpose, workload, split };
  }

  /** Entries by name; unknown names and missing ones that must be there are problems. */
  function fieldsOf(
    node: Extract<JsonNode, { kind: 'object' }>,
    what: string,
    known: Record<string, boolean>,
  ) {
    for (const entry of node.entries) {
      if (!Object.hasOwn(known, entry.key)) {
        problem(entry, `${what} has no "${entry.key}"; it has ${Object.keys(known).join(', ')}.`);
      }
    }
    for (const [name, required] of Object.entries(known)) {
      if (required && !node.entries.some(({ key }) => key === name)) {
        problem(node, `${what} needs "${name}".`);
      }
    }
    return new Map(node.entries.map((entry) => [entry.key, entry]));
  }

  function textOf(node: JsonNode, what: string): string | null {
    if (node.kind === 'value' && typeof node.value === 'string' && node.value.trim() !== '') {
      return node.value.trim();
    }
    problem(node, `${what} is a text; in double quotes it surely is one.`);
    return null;
  }

  function conditions(node: JsonNode | undefined): Condition[] {
    if (!node) return [];
    if (node.kind !== 'object' || node.entries.length === 0) {
      problem(node, '"when" is { "field": "pattern", ... } with at least one condition.');
      return [];
    }
    return node.entries.flatMap(({ key, value, ...place }) => {
      const tag = key.startsWith('tag:') && key.length > 4;
      if (!tag && !Object.hasOwn(ruleFields, key)) {
        problem(place, `There is no field "${key}". Fields are ${fieldList}.`);
        return [];
      }
      const negated =
        value.kind === 'object' && value.entries.length === 1 ? value.entries[0] : null;
      const inner = negated?.key === 'not' ? negated.value : value;
      const patterns = patternsOf(inner);
      return [{ field: key as RuleField, patterns, not: negated?.key === 'not' }];
    });
  }

  function patternsOf(node: JsonNode): (string | null)[] {
    const items = node.kind === 'array' ? node.items : [node];
    if (items.length === 0) problem(node, 'The list has no pattern in it.');
    return items.flatMap((item) => {
      // An account number keeps the zeros it begins with.
      if (item.kind === 'value') return [item.value === null ? null : item.text];
      problem(
        item,
        'A condition is a text (* and ? stand for any letters), null for no value, a list of them, or { "not": ... }.',
      );
      return [];
    });
  }

  function purposeOf(node: JsonNode): Purpose | null {
    const said = textOf(node, 'A purpose');
    if (said === null) return null;
    const plain = said.toLowerCase();
    const purpose = purposes.find(
      (name) => name === plain || purposeTitles[name].toLowerCase() === plain,
    );
    if (!purpose)
      problem(node, `There is no purpose "${said}". Purposes are ${purposes.join(', ')}.`);
    return purpose ?? null;
  }

  /** "chat" is a workload of that name; "endpoint:chat" the endpoint that Outlay has found. */
  function workloadId(node: JsonNode): string | null {
    const said = textOf(node, 'A workload');
    if (said === null) return null;
    for (const [, field = ''] of said.matchAll(/\{([^{}]*)\}/g)) {
      const known = Object.hasOwn(ruleFields, field) && field !== 'workload';
      if (!known && !/^tag:./.test(field)) {
        problem(node, `{${field}} is no field. Fields are ${fieldList}.`);
      }
    }
    return workloadIdOf(said);
  }

  function readSplit(node: JsonNode): Split | null {
    if (node.kind !== 'object') {
      problem(node, 'A split is { "by": "even", "to": [ ... ] }.');
      return null;
    }
    const fields = fieldsOf(node, 'A split', { by: true, to: true });
    const [byNode, toNode] = [fields.get('by')?.value, fields.get('to')?.value];
    if (!byNode || !toNode) return null;
    const method = textOf(byNode, '"by"');
    if (method !== 'even' && method !== 'proportional' && method !== 'fixed') {
      problem(byNode, '"by" is "even", "proportional" or "fixed".');
      return null;
    }
    if (method === 'fixed') return { method, to: fixedParts(toNode) };
    if (toNode.kind === 'value' && toNode.value === 'all') return { method, to: null };
    if (toNode.kind !== 'array' || toNode.items.length === 0) {
      problem(toNode, '"to" is a list of workloads, or "all" for every AI workload.');
      return null;
    }
    const to = toNode.items.flatMap((item) => {
      const workload = workloadId(item);
      return workload === null ? [] : [{ workload, part: 0 }];
    });
    return { method, to };
  }

  function fixedParts(node: JsonNode): { workload: string; part: number }[] {
    if (node.kind !== 'object' || node.entries.length === 0) {
      problem(
        node,
        'A fixed split gives each workload its percentage: { "chat": 60, "search": 40 }.',
      );
      return [];
    }
    const parts = node.entries.flatMap(({ key, value, ...place }) => {
      const part = value.kind === 'value' ? value.value : null;
      if (typeof part !== 'number' || !(part > 0) || Math.round(part * 1e6) / 1e6 !== part) {
        problem(value, 'A percentage is a number above 0 with at most six decimals.');
        return [];
      }
      if (key.trim() === '') problem(place, 'A workload has a name.');
      return [{ workload: workloadIdOf(key.trim()), part }];
    });
    const sum = parts.reduce((total, { part }) => total + Math.round(part * 1e6), 0);
    if (parts.length === node.entries.length && sum !== 100_000_000) {
      problem(node, `The percentages add up to ${sum / 1e6}, not to 100.`);
    }
    return parts;
  }
}

async function treeOf(text: string): Promise<JsonNode> {
  if (beginsAsJson.test(text)) return readJson(text);
  // Few rules are in YAML, and its reader is large.
  const { readYaml } = await import('./yamlText.ts');
  return readYaml(text);
}

const fieldList = `${Object.keys(ruleFields).join(', ')} and tag:KEY`;

/** The id of a workload as people write it: its kind before a colon, else one of the user's own. */
export function workloadIdOf(text: string): string {
  const at = text.indexOf(':');
  const kind = text.slice(0, at) as WorkloadKind;
  return at > 0 && workloadKinds.includes(kind) ? text : `workload:${text}`;
}

/** Whether a value fits a pattern: letter case ignored, * any letters, ? one. */
export function patternTest(patterns: readonly (string | null)[]): (value: string) => boolean {
  const exact = new Set<string>();
  const wild: RegExp[] = [];
  for (const pattern of patterns) {
    if (pattern === null) exact.add('');
    else if (!/[*?]/.test(pattern)) exact.add(pattern.toLowerCase());
    else {
      const source = pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
        .replaceAll(/\*+/g, '.*')
        .replaceAll('?', '.');
      // What is not there fits no pattern but null.
      wild.push(new RegExp(`^(?!$)${source}$`, 'is'));
    }
  }
  return (value) => exact.has(value.toLowerCase()) || wild.some((one) => one.test(value));
}

export const exampleRules = `{
  // The first rule that holds decides, for all months at once.
  "rules": [
    {
      "name": "Vision training",
      "when": { "tag:team": "vision", "instance": ["p4d.*", "p5.*"] },
      "purpose": "training",
      "workload": "vision"
    },
    {
      "name": "Notebooks by owner",
      "when": { "resource-name": "*notebook*", "tag:owner": { "not": null } },
      "purpose": "notebook",
      "workload": "notebooks of {tag:owner}"
    },
    {
      "name": "Shared cluster",
      "when": { "tag:cluster": "ml-shared", "tag:team": null },
      "split": { "by": "proportional", "to": "all" }
    },
    {
      "name": "Platform team",
      "when": { "service": "AWS Support*" },
      "split": { "by": "fixed", "to": { "vision": 60, "endpoint:chat": 40 } }
    }
  ]
}
`;
