import { parseArgs, type ParseArgsOptionDescriptor } from 'node:util';
import { OutlayError } from '../../shared/contract/errors.ts';

type Options = Record<string, ParseArgsOptionDescriptor>;

export interface Command {
  usage: string;
  does: string;
  options: Options;
  /** Fewest and most words after the command's name. */
  words: readonly [number, number];
}

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean' } as const;

/** What this version can do; the help text and the refusals come from here. */
export const commands: Record<string, Command> = {
  import: {
    usage: 'import PATH... [--source NAME] [--replace|--add] [--currency C] [--date-order mdy|dmy]',
    does: 'load bill files, folders or manifests (FOCUS, AWS CUR, Google Cloud billing, Cost Explorer); the files of one command belong together',
    options: { source: text, replace: flag, add: flag, currency: text, 'date-order': text },
    words: [1, Infinity],
  },
  costs: {
    usage:
      'costs [--by DIM[,DIM]] [--metric M] [--from D] [--to D] [--period YYYY-MM] [--granularity day|month|none] [--filter DIM=V]... [--limit N]',
    does: 'any slice of what is loaded',
    options: {
      by: texts,
      metric: text,
      from: text,
      to: text,
      period: text,
      granularity: text,
      filter: texts,
      limit: text,
    },
    words: [0, 0],
  },
  lines: {
    usage:
      'lines [--metric M] [--from D] [--to D] [--period YYYY-MM] [--filter DIM=V]... [--sort cost|time] [--limit N] [--offset N]',
    does: 'the lines behind a slice as their files state them, with file and row',
    options: {
      metric: text,
      from: text,
      to: text,
      period: text,
      filter: texts,
      sort: text,
      limit: text,
      offset: text,
    },
    words: [0, 0],
  },
  forecast: {
    usage: 'forecast [--period YYYY-MM] [--metric M] [--filter DIM=V]... [--currency C] [--days]',
    does: 'spend of the rest of the open month and of the next, with the band it was measured to keep (docs/daily.md)',
    options: { period: text, metric: text, filter: texts, currency: text, days: flag },
    words: [0, 0],
  },
  anomalies: {
    usage:
      'anomalies [--period YYYY-MM] [--by DIM[,DIM]] [--metric M] [--filter DIM=V]... [--currency C] [--limit N]',
    does: 'days whose usage cost left the band of the same weekdays before, most money first, by price and quantity (docs/daily.md)',
    options: { period: text, by: texts, metric: text, filter: texts, currency: text, limit: text },
    words: [0, 0],
  },
  loads: {
    usage: 'loads [--health ID]',
    does: 'every file that was ever loaded; or the data-health sheet of one load',
    options: { health: text },
    words: [0, 0],
  },
  changes: {
    usage: 'changes [--period M]',
    does: 'what restatements changed, by account and service',
    options: { period: text },
    words: [0, 0],
  },
  remove: {
    usage: 'remove --source S [--period M]',
    does: 'undo an import',
    options: { source: text, period: text },
    words: [0, 0],
  },
  report: {
    usage: 'report --month M --format html|csv --out FILE [--metric M] [--no-plan]',
    does: 'a report of a billing period that opens offline, with the savings plan and what was decided',
    options: { month: text, kind: text, format: text, out: text, metric: text, 'no-plan': flag },
    words: [0, 0],
  },
  export: {
    usage: 'export focus --out FILE',
    does: 'everything that is loaded as FOCUS 1.2, exact (.csv, .csv.gz or .parquet)',
    options: { out: text },
    words: [0, 1],
  },
  prices: {
    usage:
      'prices import FILE... [--region R] [--currency C] [--date D] [--kind negotiated|published] | list [--provider P] [--sku S] [--region R] [--currency C] [--purchase on-demand|spot|commitment] [--sheet ID] [--at D] [--history] [--limit N]',
    does: 'load negotiated or exported price lists (docs/prices.md); the prices that hold on a day',
    options: {
      provider: text,
      sku: text,
      region: text,
      currency: text,
      purchase: text,
      sheet: text,
      date: text,
      at: text,
      kind: text,
      history: flag,
      limit: text,
    },
    words: [0, Infinity],
  },
  telemetry: {
    usage:
      'telemetry import PATH... [--host NAME] [--time-zone ZONE] [--date-order mdy|dmy] [--at TIME|file] [--metric M] | list [--resource ID] [--from D] [--to D] [--limit N] | remove LOAD|--all',
    does: 'load GPU and host metrics (Prometheus, DCGM, nvidia-smi, CloudWatch, Cloud Monitoring); what was measured and how well; take a load out again',
    options: {
      host: text,
      'time-zone': text,
      'date-order': text,
      at: text,
      metric: text,
      all: flag,
      resource: text,
      from: text,
      to: text,
      limit: text,
    },
    words: [0, Infinity],
  },
  tokens: {
    usage: 'tokens import PATH... [--account NAME] | list [--from D] [--to D] | remove LOAD',
    does: 'load usage exports of model vendors (OpenAI, Anthropic, Bedrock logs; docs/tokens.md); what was counted, each token once',
    options: { account: text, from: text, to: text },
    words: [0, Infinity],
  },
  workloads: {
    usage:
      'workloads [--period YYYY-MM | --from D --to D] [--by purpose|workload] [--metric M] [--limit N]',
    does: 'AI workloads: what they are for, cost, GPU-hours paid and busy',
    options: { period: text, from: text, to: text, by: text, metric: text, limit: text },
    words: [0, 0],
  },
  rules: {
    usage: 'rules show | check FILE | import FILE | clear',
    does: 'rules of your own for purposes, workloads and split cost (docs/rules.md); they hold for all months at once',
    options: {},
    words: [0, Infinity],
  },
  savings: {
    usage:
      'savings [--period YYYY-MM] [--provider P] [--currency C] [--risk low|medium|high|SHARE] [--max-term MONTHS|any] [--levers LEVER,...] [--kinds ri,isp,csp] [--cash AMOUNT] [--usage FACTOR] [--off ACTION]... [--ends COMMITMENT=DAY]... [--details]',
    does: 'the savings plan of what is loaded: one plan that adds up, with evidence (docs/savings.md)',
    options: {
      period: text,
      provider: text,
      currency: text,
      risk: text,
      'max-term': text,
      levers: text,
      kinds: text,
      cash: text,
      usage: text,
      off: texts,
      ends: texts,
      details: flag,
    },
    words: [0, 0],
  },
  sample: { usage: 'sample', does: 'load the built-in sample company', options: {}, words: [0, 0] },
  serve: {
    usage: 'serve [--port N] [--no-open]',
    does: 'open the window, served to this machine only',
    options: { port: text, 'no-open': flag },
    words: [0, 0],
  },
  analyze: {
    usage: 'analyze FOLDER',
    does: 'the savings plan of an offline bundle: charges, prices, commitments, telemetry',
    options: {},
    words: [1, 1],
  },
  decide: {
    usage:
      'decide ID accept | schedule --on D | done --on D | dismiss --reason TEXT | snooze --until D | reopen [--currency C]',
    does: 'record a decision on an action of the savings plan, with what it promised (docs/decisions.md)',
    options: { on: text, until: text, reason: text, currency: text },
    words: [0, Infinity],
  },
  decisions: {
    usage: 'decisions [list] | banked [--from D] [--to D] | record ID ... (as decide)',
    does: 'what was decided, and what it has saved on the bill beside what was promised',
    options: { from: text, to: text, on: text, until: text, reason: text, currency: text },
    words: [0, Infinity],
  },
  doctor: {
    usage: 'doctor',
    does: 'versions, integrity, totals against cells, browser, Electron',
    options: {},
    words: [0, 0],
  },
};

/** Commands and flags that the design names and a later version brings. */
const plannedCommands = new Set('sync fx budgets backup restore'.split(' '));
const plannedFlags: Record<string, readonly string[]> = {
  doctor: ['repair'],
  savings: ['mode'],
};

const globalOptions: Options = { data: text, json: flag, help: { ...flag, short: 'h' } };

export interface Arguments {
  command: string;
  words: string[];
  values: Record<string, string | boolean | string[] | undefined>;
  json: boolean;
  help: boolean;
}

/** Reads a command line; throws USAGE or NOT_AVAILABLE, naming the word that does not fit. */
export function readArguments(argv: readonly string[]): Arguments {
  const command = argv.find((word, i) => !word.startsWith('-') && argv[i - 1] !== '--data') ?? '';
  if (plannedCommands.has(command)) throw notAvailable(`The command ${command}`);
  const known = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (command !== '' && command !== 'help' && !known) {
    throw usage(`There is no command "${command}".`);
  }
  const flags = known ? (plannedFlags[command] ?? []) : [];
  const planned = flags.find((name) => argv.some((w) => isFlag(w, name)));
  if (planned) throw notAvailable(`${command} --${planned}`);
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: { ...globalOptions, ...known?.options },
      allowPositionals: true,
      strict: true,
    });
    const words = positionals.slice(1);
    const [fewest, most] = known?.words ?? [0, Infinity];
    if (values['help'] !== true && known) {
      if (words.length < fewest) throw usage(`${command} needs a path.`, known);
      if (words.length > most) throw usage(`${command} takes no "${words[most]}".`, known);
    }
    return {
      command,
      words,
      values: values as Arguments['values'],
      json: values['json'] === true,
      help: values['help'] === true || command === '' || command === 'help',
    };
  } catch (error) {
    if (error instanceof OutlayError) throw error;
    // The first sentence; the others speak of spellings that this command line does not need.
    const first = (error as Error).message.split(/\.\s/)[0] ?? '';
    throw usage(`${first.replace(/\.$/, '')}.`, known);
  }
}

function isFlag(word: string, name: string): boolean {
  return word === `--${name}` || word.startsWith(`--${name}=`);
}

export function usage(message: string, command?: Command): OutlayError {
  const hint = command ? `Usage: outlay ${command.usage}` : 'outlay --help lists the commands.';
  return new OutlayError('USAGE', message, hint);
}

function notAvailable(what: string): OutlayError {
  return new OutlayError('NOT_AVAILABLE', `${what} is not available in this version.`);
}

export function helpText(): string {
  const lines = Object.values(commands).map(({ usage: use, does }) => `  ${use}\n      ${does}`);
  return [
    'outlay <command> [--data DIR] [--json]',
    '',
    ...lines,
    '',
    'Exit codes: 0 done, 1 failed, 2 bad input (nothing was done), 3 partly done.',
  ].join('\n');
}
