import { useId } from 'react';
import { defaultSource, setSourceLabel, useSourceLabel } from '../../data/imports.ts';

/** The label under which files are loaded that are chosen or dropped next. */
export function SourceField({ labels }: { labels: readonly string[] }) {
  const label = useSourceLabel((state) => state.label);
  const list = useId();
  return (
    <label className="source-field">
      <span className="muted">Load as source</span>
      <input
        className="field"
        list={list}
        maxLength={100}
        spellCheck={false}
        autoComplete="off"
        placeholder={defaultSource}
        value={label}
        onChange={(event) => setSourceLabel(event.currentTarget.value)}
        onBlur={() => {
          if (label.trim() === '') setSourceLabel(defaultSource);
        }}
      />
      <datalist id={list}>
        {labels.map((known) => (
          <option key={known} value={known} />
        ))}
      </datalist>
    </label>
  );
}
