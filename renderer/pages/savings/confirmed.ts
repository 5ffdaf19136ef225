import { create } from 'zustand';

/** Assumptions that a person has confirmed in this window, by action. */
export const useConfirmed = create<Readonly<Record<string, readonly string[]>>>(() => ({}));

export function confirm(action: string, assumption: string, holds: boolean): void {
  useConfirmed.setState((all) => {
    const of = (all[action] ?? []).filter((one) => one !== assumption);
    return { [action]: holds ? [...of, assumption] : of };
  });
}
