import type { Handlers } from '../../../shared/contract/contract.ts';
import { type Settings, settings } from '../../../shared/contract/settings.ts';
import type { ReadableDb, WritableDb } from '../store/open.ts';

const defaults: Settings = { theme: 'system', detail: true };

export interface SettingsDeps {
  db: WritableDb;
  /** The file was written; the bills are as they were. */
  written: () => void;
  /** Lines are not to be kept any more: deletes those that are. */
  dropDetail: () => void;
}

export function settingsHandlers({
  db,
  written,
  dropDetail,
}: SettingsDeps): Pick<Handlers, 'settings.get' | 'settings.set'> {
  return {
    'settings.get': () => readSettings(db),
    'settings.set': (chosen) => {
      const set = db.prepare(
        `INSERT INTO setting VALUES (?, ?)
         ON CONFLICT DO UPDATE SET value = excluded.value WHERE value <> excluded.value`,
      );
      db.transaction(() => {
        for (const [name, value] of Object.entries(chosen)) {
          if (value !== undefined) set.run(name, JSON.stringify(value));
        }
      }).immediate();
      if (chosen.detail === false) dropDetail();
      written();
      return readSettings(db);
    },
  };
}

/** A value that this version does not know, from a newer or damaged one, is as if not chosen. */
function readSettings(db: ReadableDb): Settings {
  const rows = db.prepare('SELECT name, value FROM setting').raw().all() as [string, string][];
  const stored = Object.fromEntries(rows);
  const theme = settings.shape.theme.safeParse(parsed(stored['theme']));
  return {
    theme: theme.success ? theme.data : defaults.theme,
    // As `detailWanted` has it: only what says so plainly deletes anything.
    detail: parsed(stored['detail']) !== false,
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
