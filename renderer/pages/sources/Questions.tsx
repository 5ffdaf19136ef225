import { type FormEvent, useId, useState } from 'react';
import type { LoadRecord } from '../../../shared/contract/sources.ts';
import { formatCount, formatDay } from '../../../shared/domain/format.ts';
import { type LoadQuestion, questionOf } from '../../../shared/domain/loadQuestions.ts';
import {
  type ChosenFile,
  filesOfLoad,
  importFiles,
  type ImportOptions,
} from '../../data/imports.ts';
import { useApi, useConnection } from '../../data/useApi.ts';

interface QuestionsProps {
  /** Refused for what their files do not say. */
  loads: readonly LoadRecord[];
  files: ChosenFile[];
  /** Of the import that was refused: the answer comes to what was said then. */
  options: ImportOptions;
}

/** Asks once for all files that lack the same, and imports them again with the answer. */
export function Questions({ loads, files, options }: QuestionsProps) {
  const kinds: LoadQuestion['kind'][] = ['currency', 'date-order'];
  return kinds.map((kind) => {
    const asked = loads.filter((load) => questionOf(load)?.kind === kind);
    const [first] = asked;
    const question = first && questionOf(first);
    if (!question) return null;
    return (
      <Question
        key={first.id}
        question={question}
        loads={asked}
        files={asked.flatMap((load) => filesOfLoad(files, load))}
        options={options}
      />
    );
  });
}

const reasonsShown = 3;

function Question({
  question,
  loads,
  files,
  options,
}: QuestionsProps & { question: LoadQuestion }) {
  const api = useConnection();
  const more = loads.length - reasonsShown;
  const again = (answer: ImportOptions) => void importFiles(api, files, { ...options, ...answer });
  return (
    <div className="import-note">
      {loads.slice(0, reasonsShown).map((load) => (
        <p key={load.id}>{load.reason}</p>
      ))}
      {more > 0 && <p className="muted">{formatCount(more)} more files lack the same.</p>}
      {files.length === 0 ? (
        <p className="muted">{loads[0]?.hint}</p>
      ) : question.kind === 'currency' ? (
        <Currency several={loads.length > 1} answer={(currency) => again({ currency })} />
      ) : (
        <DateOrderChoice question={question} answer={(dateOrder) => again({ dateOrder })} />
      )}
      {files.length > 0 && (
        <p className="muted small">
          {loads.length > 1 ? 'The files are' : 'The file is'} imported again with your answer;
          until then nothing changes.
        </p>
      )}
    </div>
  );
}

/** Offered where nothing is loaded that would tell which ones come up here. */
const commonCurrencies = ['USD', 'EUR', 'GBP', 'JPY'];
const offered = 4;

interface CurrencyProps {
  several: boolean;
  answer: (currency: string) => void;
}

function Currency({ several, answer }: CurrencyProps) {
  const [typed, setTyped] = useState('');
  const label = useId();
  const loaded = useApi('app.info', {}).data?.data?.currencies ?? [];
  const known = loaded.filter((currency) => currency !== null);
  const choices = [...new Set([...known, ...commonCurrencies])].slice(0, offered);
  const code = typed.trim().toUpperCase();
  const exists = code.length === 3 && Intl.supportedValuesOf('currency').includes(code);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (exists) answer(code);
  }

  return (
    <form className="import-question" aria-labelledby={label} onSubmit={submit}>
      <p id={label} className="strong">
        Which currency are {several ? 'their' : 'its'} amounts in?
      </p>
      <div className="buttons">
        {choices.map((currency) => (
          <button key={currency} type="button" className="button" onClick={() => answer(currency)}>
            {currency}
          </button>
        ))}
        <input
          className="field code-field"
          aria-label="Another currency, ISO 4217 code"
          placeholder="Other"
          maxLength={3}
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <button type="submit" className="button" disabled={!exists}>
          Import{exists && ` as ${code}`}
        </button>
      </div>
    </form>
  );
}

interface DateOrderProps {
  question: Extract<LoadQuestion, { kind: 'date-order' }>;
  answer: (order: 'mdy' | 'dmy') => void;
}

function DateOrderChoice({ question, answer }: DateOrderProps) {
  const label = useId();
  return (
    <div className="import-question" role="group" aria-labelledby={label}>
      <p id={label} className="strong">
        Which comes first in “{question.value}”, the month or the day?
      </p>
      <div className="buttons">
        {question.readings.map(({ order, day }) => (
          <button key={order} type="button" className="button" onClick={() => answer(order)}>
            {order === 'mdy' ? 'Month first' : 'Day first'}: {formatDay(day)}
          </button>
        ))}
      </div>
    </div>
  );
}
