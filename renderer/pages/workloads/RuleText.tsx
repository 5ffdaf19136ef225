import { type Ref, useImperativeHandle, useRef } from 'react';
import type { RuleProblem } from '../../../shared/contract/rules.ts';

export interface RuleTextHandle {
  /** Puts the cursor on what a message is about. */
  show: (problem: RuleProblem) => void;
  focus: () => void;
}

interface RuleTextProps {
  ref: Ref<RuleTextHandle>;
  text: string;
  problems: readonly RuleProblem[];
  /** Id of the list that says what is wrong. */
  describedBy: string;
  onText: (text: string) => void;
}

/**
 * A text with its line numbers. What is wrong is underlined at its place: the marks lie in a copy of
 * the text under the field, which has the same lines and is scrolled with it.
 */
export function RuleText({ ref, text, problems, describedBy, onText }: RuleTextProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const under = useRef<HTMLPreElement>(null);
  const numbers = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    show: (problem) => {
      const at = offsetOf(text, problem);
      field.current?.focus();
      field.current?.setSelectionRange(at, at + problem.length);
    },
    focus: () => field.current?.focus(),
  }));

  function follow() {
    const { scrollTop = 0, scrollLeft = 0 } = field.current ?? {};
    if (under.current)
      under.current.style.transform = `translate(${-scrollLeft}px, ${-scrollTop}px)`;
    if (numbers.current) numbers.current.style.transform = `translateY(${-scrollTop}px)`;
  }

  const wrong = new Set(problems.map(({ line }) => line));
  return (
    <div className="rule-text">
      <div className="rule-numbers" aria-hidden="true">
        <div ref={numbers}>
          {text.split('\n').map((_, index) => (
            // A line is its number.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className={wrong.has(index + 1) ? 'risk' : undefined}>
              {index + 1}
            </div>
          ))}
        </div>
      </div>
      <div className="rule-field">
        <pre className="rule-under" aria-hidden="true" ref={under}>
          {marked(text, problems)}
        </pre>
        <textarea
          ref={field}
          aria-label="Rules"
          aria-invalid={problems.length > 0}
          aria-describedby={describedBy}
          spellCheck={false}
          autoComplete="off"
          wrap="off"
          value={text}
          onScroll={follow}
          onChange={(event) => onText(event.currentTarget.value)}
        />
      </div>
    </div>
  );
}

/** Where a line and column, both from 1, are in the text. */
export function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const end = text.indexOf('\n', start);
    if (end < 0) break;
    start = end + 1;
  }
  return Math.min(text.length, start + column - 1);
}

function marked(text: string, problems: readonly RuleProblem[]) {
  const spans = problems
    .map((problem) => ({ from: offsetOf(text, problem), length: Math.max(1, problem.length) }))
    .sort((a, b) => a.from - b.from);
  const parts = [];
  let at = 0;
  for (const { from, length } of spans) {
    if (from < at) continue;
    // A place at the end of a line has no letter of its own to underline.
    const covered = text.slice(from, from + length).replace(/\n.*/s, '') || ' ';
    parts.push(text.slice(at, from), <mark key={from}>{covered}</mark>);
    at = text[from] === '\n' || from >= text.length ? from : from + covered.length;
  }
  parts.push(text.slice(at), '\n');
  return parts;
}
