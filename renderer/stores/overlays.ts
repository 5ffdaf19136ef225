import { create } from 'zustand';
import type { ErrorBody } from '../../shared/contract/errors.ts';

/** What lies over the page, and the last action that failed; one overlay at a time. */
export const useOverlays = create<{
  open: 'none' | 'palette' | 'keys';
  /** The filter editor of the Costs page is open. */
  filter: boolean;
  failed: ErrorBody | null;
}>(() => ({ open: 'none', filter: false, failed: null }));

export function openPalette(): void {
  useOverlays.setState({ open: 'palette' });
}

export function openKeys(): void {
  useOverlays.setState({ open: 'keys' });
}

export function closeOverlay(): void {
  useOverlays.setState({ open: 'none' });
}

export function setFilterOpen(filter: boolean): void {
  useOverlays.setState({ filter });
}

/** Shown in place until it is closed or the action is tried again. */
export function setFailed(failed: ErrorBody | null): void {
  useOverlays.setState({ failed });
}
