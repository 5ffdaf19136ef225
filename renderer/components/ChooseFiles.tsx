import { type ReactNode, useRef } from 'react';
import { filesOfInput } from '../data/chosenFiles.ts';
import { importChosen } from '../data/imports.ts';
import { useConnection } from '../data/useApi.ts';
import { choose } from '../stores/choices.ts';

/** The two buttons that open the file and the folder dialog of the system. */
export function ChooseFiles({ primary }: { primary: boolean }) {
  const api = useConnection();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  function chosen(field: HTMLInputElement) {
    const list = filesOfInput(field.files);
    // The same file chosen again must count as a choice.
    field.value = '';
    choose({ page: 'sources' });
    void importChosen(api, list);
  }

  return (
    <>
      <button
        type="button"
        className={primary ? 'button primary' : 'button'}
        ref={(button) => {
          if (primary) button?.focus();
        }}
        onClick={() => files.current?.click()}
      >
        Choose files
      </button>
      <button type="button" className="button" onClick={() => folder.current?.click()}>
        Choose a folder
      </button>
      <Hidden>
        <input
          ref={files}
          type="file"
          multiple
          tabIndex={-1}
          aria-label="Bill files"
          onChange={(event) => chosen(event.currentTarget)}
        />
        <input
          ref={folder}
          type="file"
          webkitdirectory=""
          tabIndex={-1}
          aria-label="Folder of bill files"
          onChange={(event) => chosen(event.currentTarget)}
        />
      </Hidden>
    </>
  );
}

function Hidden({ children }: { children: ReactNode }) {
  return <span hidden>{children}</span>;
}
