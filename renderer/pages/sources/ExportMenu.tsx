import { Menu } from '@mantine/core';
import { type ExportForm, exportForms } from '../../../shared/contract/export.ts';
import { exportFocus, useExport } from '../../data/exports.ts';
import { useConnection } from '../../data/useApi.ts';

const formNames: Record<ExportForm, string> = {
  csv: 'CSV',
  'csv.gz': 'CSV, gzip',
  parquet: 'Parquet',
};

/** What is loaded, as a file that other tools read. */
export function ExportMenu() {
  const api = useConnection();
  const running = useExport((state) => state.kind === 'running');
  return (
    <Menu
      position="bottom-start"
      offset={4}
      returnFocus
      // Inside the page, so that it belongs to a landmark; without a placeholder that is no item.
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button type="button" className="button" disabled={running}>
          Export
        </button>
      </Menu.Target>
      <Menu.Dropdown className="overlay-box menu" aria-label="Export">
        <Menu.Label className="menu-label">All that is loaded, as FOCUS 1.2</Menu.Label>
        {exportForms.map((form) => (
          <Menu.Item key={form} className="menu-item" onClick={() => void exportFocus(api, form)}>
            {formNames[form]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
