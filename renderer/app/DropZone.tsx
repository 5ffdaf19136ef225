import { type DragEvent, type ReactNode, useState } from 'react';
import { filesOfDrop } from '../data/chosenFiles.ts';
import { importChosen } from '../data/imports.ts';
import { useConnection } from '../data/useApi.ts';
import { choose } from '../stores/choices.ts';

/** Files dropped anywhere on a page are imported. */
export function DropZone({ children }: { children: ReactNode }) {
  const api = useConnection();
  const [over, setOver] = useState(false);

  function drag(event: DragEvent) {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  }

  async function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    const files = await filesOfDrop(event.dataTransfer);
    choose({ page: 'sources' });
    await importChosen(api, files);
  }

  return (
    <div
      className={over ? 'main drop' : 'main'}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => void drop(event)}
    >
      {children}
    </div>
  );
}
