import { choose, useChoices } from '../stores/choices.ts';

interface EndFieldProps {
  /** Id of the commitment. */
  commitment: string;
  name: string;
}

/** Asks for the end of a commitment that the bill does not say; the plan is made with it. */
export function EndField({ commitment, name }: EndFieldProps) {
  const whatIf = useChoices((choices) => choices.whatIf);
  const stated = whatIf.ends[commitment];
  return (
    <label className="end-field">
      <span className="muted">
        {stated === undefined ? 'unknown; it ends on' : 'as you state,'}
      </span>
      <input
        className="field"
        type="date"
        aria-label={`${name} ends on`}
        value={stated ?? ''}
        onChange={(event) => {
          const { [commitment]: _, ...others } = whatIf.ends;
          const day = event.currentTarget.value;
          const ends = day === '' ? others : { ...others, [commitment]: day };
          choose({ whatIf: { ...whatIf, ends } });
        }}
      />
    </label>
  );
}
