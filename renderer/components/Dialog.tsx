import { Modal } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';

interface DialogProps {
  /** Its name for screen readers. */
  name: string;
  narrow?: boolean;
  onClose: () => void;
  children: ReactNode;
}

const atOnce = { duration: 0 };

/** What lies over the page and takes the focus until it is closed. */
export function Dialog({ name, narrow = false, onClose, children }: DialogProps) {
  // It is taken away at once, without the closing in which the library gives the focus back.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
  return (
    // The page behind does not scroll, so nothing needs locking; the lock would add a style tag.
    <Modal.Root
      opened
      onClose={onClose}
      lockScroll={false}
      returnFocus={false}
      transitionProps={atOnce}
      classNames={{
        overlay: 'modal-overlay',
        inner: 'modal-inner',
        content: narrow ? 'modal-content narrow' : 'modal-content',
      }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={name}>{children}</Modal.Content>
    </Modal.Root>
  );
}
