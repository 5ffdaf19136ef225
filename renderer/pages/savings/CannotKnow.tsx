import { cannotKnow, consequenceWords } from '../../../shared/savings/cannotKnow.ts';
import { Dialog } from '../../components/Dialog.tsx';

/** What is not known without an input, and what that does to each figure. */
export function CannotKnow({ onClose }: { onClose: () => void }) {
  return (
    <Dialog name="What Outlay cannot know" onClose={onClose}>
      <div className="dialog cannot-know">
        <h2>What Outlay cannot know</h2>
        <p className="muted small">
          What each missing input does to the figures. Nothing is invented in its place.
        </p>
        {cannotKnow.map(({ id, missing, effects, ask }) => (
          <section key={id} aria-label={missing}>
            <h3>Without {inSentence(missing)}</h3>
            <ul>
              {effects.map(({ figure, becomes, text }) => (
                <li key={figure}>
                  <b>{figure}</b> <span className="tag">{consequenceWords[becomes]}</span>
                  <p>{text}</p>
                </li>
              ))}
            </ul>
            <p className="muted">What helps: {ask}</p>
          </section>
        ))}
        <div className="buttons">
          <button type="button" className="button" onClick={onClose} data-autofocus>
            Close
          </button>
        </div>
      </div>
    </Dialog>
  );
}

/** "GPU metrics" stays, "Hourly rows" becomes "hourly rows". */
function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}
