import { useEffect, useId, useRef, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { ErrorBody } from '../../../shared/contract/errors.ts';
import type { RuleProblem } from '../../../shared/contract/rules.ts';
import { formatCount, formatDay } from '../../../shared/domain/format.ts';
import { Failure } from '../../components/Failure.tsx';
import { useApi, useConnection } from '../../data/useApi.ts';
import { useLink } from '../../stores/address.ts';
import { useChoices } from '../../stores/choices.ts';
import { Preview } from './Preview.tsx';
import { RuleText, type RuleTextHandle } from './RuleText.tsx';
import './rules.css';

type Rules = CallOutput<'rules.get'>;
type Checked = CallOutput<'rules.set'>;

/** A text is checked this long after the last key. */
const checkAfterMs = 300;

/** The user's own rules: text, what is wrong with it, what it would move, apply and undo. */
export function Rules() {
  const link = useLink();
  const asked = useApi('rules.get', {});
  return (
    <section className="rules" aria-label="Rules">
      <p className="small">
        <a className="link" href={link({ rules: false, workload: null })}>
          All workloads
        </a>
      </p>
      <h2 className="workload-name">Your rules</h2>
      <p className="muted small rules-lead">
        They come before the built-in ones and hold for all months at once. They move cost between
        purposes and workloads; totals never change.
      </p>
      {asked.error && <Failure error={asked.error} kept="The rules that hold are unchanged." />}
      {asked.data && <Editor rules={asked.data} />}
    </section>
  );
}

/** Where the last press of a button led. */
type Outcome = { kind: 'applied'; count: number } | { kind: 'undone' } | null;

/** A rule about one workload; its purpose and name are there to be changed. */
function ruleFor(workload: string): string {
  const name = workload.replace(/^[a-z]+:/, '');
  const rule = { name, when: { workload }, purpose: 'training', workload: name };
  return `${JSON.stringify({ rules: [rule] }, null, 2)}\n`;
}

function Editor({ rules }: { rules: Rules }) {
  const api = useConnection();
  const problemsId = useId();
  // The one that was looked at before.
  const workload = useChoices((choices) => choices.workload);
  const field = useRef<RuleTextHandle>(null);
  const [text, setText] = useState(rules.text);
  const [checked, setChecked] = useState<{ text: string; answer: Checked } | null>(null);
  const [failed, setFailed] = useState<ErrorBody | null>(null);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>(null);

  useEffect(() => {
    let current = true;
    async function check() {
      const result = await api.call('rules.set', { text, apply: false });
      if (!current) return;
      if (result.ok) setChecked({ text, answer: result.value });
      setFailed(result.ok ? null : result.error);
    }
    const timer = setTimeout(() => void check(), checkAfterMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, text]);

  async function set(next: string, then: (answer: Checked) => Outcome) {
    setBusy(true);
    const result = await api.call('rules.set', { text: next, apply: true });
    setBusy(false);
    setFailed(result.ok ? null : result.error);
    if (!result.ok) return;
    setChecked({ text: next, answer: result.value });
    if (result.value.applied) setOutcome(then(result.value));
  }

  const answer = checked?.answer ?? null;
  const problems = checked?.text === text ? checked.answer.problems : [];
  const changed = text !== rules.text;
  const ready = changed && checked?.text === text && problems.length === 0 && !busy;
  const { previous } = rules;

  return (
    <div className="rules-place">
      <div className="rules-side">
        <RuleText
          ref={field}
          text={text}
          problems={problems}
          describedBy={problemsId}
          onText={(next) => {
            setText(next);
            setOutcome(null);
          }}
        />
        <Problems id={problemsId} problems={problems} onShow={(one) => field.current?.show(one)} />
        <div className="rules-buttons">
          <button
            type="button"
            className="button primary"
            disabled={!ready}
            onClick={() => void set(text, ({ count }) => ({ kind: 'applied', count }))}
          >
            Apply to all months
          </button>
          <button
            type="button"
            className="button"
            disabled={!changed || busy}
            onClick={() => setText(rules.text)}
          >
            Discard changes
          </button>
          {previous !== null && (
            <button
              type="button"
              className="button"
              disabled={busy}
              onClick={() => {
                setText(previous);
                void set(previous, () => ({ kind: 'undone' }));
              }}
            >
              Undo the last apply
            </button>
          )}
          <span className="muted small" aria-live="polite">
            {busy ? 'Applying.' : stateWords(rules, outcome)}
          </span>
        </div>
        {failed && <Failure error={failed} kept="The rules that hold are unchanged." />}
        {text.trim() === '' && (
          <div className="rules-empty">
            <p>
              No rules of your own yet. A rule says which charges it is about and what purpose or
              workload they have.
            </p>
            {workload !== null && (
              <button
                type="button"
                className="button"
                onClick={() => {
                  setText(ruleFor(workload));
                  field.current?.focus();
                }}
              >
                Begin with a rule for {workload.replace(/^[a-z]+:/, '')}
              </button>
            )}
            <button
              type="button"
              className="button"
              onClick={() => {
                setText(rules.example);
                field.current?.focus();
              }}
            >
              Begin with the example
            </button>
          </div>
        )}
        <Fields rules={rules} />
      </div>
      <Preview answer={answer} current={checked?.text === text} changed={changed} />
    </div>
  );
}

function stateWords({ count, setAt }: Rules, outcome: Outcome): string {
  const rules = `${formatCount(count)} ${count === 1 ? 'rule' : 'rules'}`;
  if (outcome?.kind === 'applied') return `Applied: ${rules} now hold for all months.`;
  if (outcome?.kind === 'undone') return `Undone: what held before holds again, ${rules}.`;
  if (count === 0) return 'Only the built-in rules hold.';
  return `${rules} hold${setAt === null ? '' : `, set ${formatDay(setAt.slice(0, 10))}`}.`;
}

interface ProblemsProps {
  id: string;
  problems: readonly RuleProblem[];
  onShow: (problem: RuleProblem) => void;
}

/** What is wrong, each message a way to its place. */
function Problems({ id, problems, onShow }: ProblemsProps) {
  return (
    <ul className="rule-problems small" id={id} aria-live="polite">
      {problems.map((problem) => (
        <li key={`${problem.line} ${problem.column} ${problem.message}`}>
          <button type="button" onClick={() => onShow(problem)}>
            <span className="risk num">
              Line {formatCount(problem.line)}, column {formatCount(problem.column)}
            </span>
            : {problem.message}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Fields({ rules }: { rules: Rules }) {
  return (
    <details className="rule-fields small">
      <summary>What a rule can ask for, and the purposes it can give</summary>
      <dl>
        {rules.fields.map(({ name, meaning }) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd className="muted">{meaning}</dd>
          </div>
        ))}
        {rules.purposes.map(({ purpose, title }) => (
          <div key={purpose}>
            <dt>
              <code>{purpose}</code>
            </dt>
            <dd className="muted">Purpose: {title}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
