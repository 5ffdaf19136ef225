import { useEffect } from 'react';
import { exportCosts } from '../data/actions.ts';
import { exportFocus } from '../data/exports.ts';
import { exportCommitments, exportPlan } from '../data/exportSavings.ts';
import { exportWorkloads } from '../data/exportWorkloads.ts';
import { useConnection } from '../data/useApi.ts';
import { choose, pages, useChoices } from '../stores/choices.ts';
import {
  openKeys,
  openPalette,
  setFailed,
  setFilterOpen,
  useOverlays,
} from '../stores/overlays.ts';
import { type Loaded, shiftPeriod } from '../stores/period.ts';

function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
  );
}

/** The keys that work on every page while no field has focus and nothing lies over the page. */
export function KeyHandler({ loaded }: { loaded: Loaded | null }) {
  const api = useConnection();
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
      if (event.defaultPrevented || useOverlays.getState().open !== 'none') return;
      if (document.querySelector('[role="menu"], [role="dialog"]')) return;
      if (act(event.key)) event.preventDefault();
    }

    function act(key: string): boolean {
      const choices = useChoices.getState();
      const page = pages[Number(key) - 1];
      if (page) {
        choose({ page });
        return true;
      }
      if (key === '?') {
        openKeys();
        return true;
      }
      if (!loaded) return false;
      switch (key.toLowerCase()) {
        case '[':
          choose({ period: shiftPeriod(choices.period, -1, loaded) });
          return true;
        case ']':
          choose({ period: shiftPeriod(choices.period, 1, loaded) });
          return true;
        case '/':
          choose({ page: 'costs' });
          setFilterOpen(true);
          return true;
        case 'c':
          choose({ compare: !choices.compare });
          return true;
        case 't':
          choose({ table: !choices.table });
          return true;
        case 'l':
          if (choices.page !== 'costs') return false;
          choose({ lines: choices.lines ? null : { sort: 'cost', line: null } });
          return true;
        case 'escape':
          if (choices.page === 'workloads' && (choices.workload !== null || choices.rules)) {
            choose({ workload: null, rules: false });
            return true;
          }
          if (choices.page === 'savings' && choices.action !== null) {
            choose({ action: null });
            return true;
          }
          if (choices.page !== 'costs' || !choices.lines) return false;
          choose({
            lines: choices.lines.line === null ? null : { ...choices.lines, line: null },
          });
          return true;
        case 'e':
          if (choices.page === 'sources') void exportFocus(api, 'csv.gz');
          else if (choices.page === 'workloads') void exportWorkloads(api, loaded).then(setFailed);
          else if (choices.page === 'savings') void exportPlan(api).then(setFailed);
          else if (choices.page === 'commitments') void exportCommitments(api).then(setFailed);
          else void exportCosts(api, loaded).then(setFailed);
          return true;
        default:
          return false;
      }
    }

    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [api, loaded]);
  return null;
}
