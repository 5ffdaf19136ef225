import { Dialog } from '../components/Dialog.tsx';
import { closeOverlay, useOverlays } from '../stores/overlays.ts';
import type { Loaded } from '../stores/period.ts';
import { KeysHelp } from './KeysHelp.tsx';
import { Palette } from './Palette.tsx';

/** The palette and the list of keys. */
export default function Overlays({ loaded }: { loaded: Loaded | null }) {
  const open = useOverlays((state) => state.open);
  if (open === 'none') return null;
  return open === 'palette' ? (
    <Dialog name="Search or command" onClose={closeOverlay}>
      <Palette loaded={loaded} />
    </Dialog>
  ) : (
    <Dialog name="Keys" onClose={closeOverlay}>
      <KeysHelp />
    </Dialog>
  );
}
