import type { WritableDb } from '../store/open.ts';

/**
 * Removes what came into the store with a source beside its bills: its price sheets, and what only its
 * telemetry files measured. A day of readings that another file has added to stays with that file's.
 * Answers whether there was anything.
 */
export function removeBeside(db: WritableDb, label: string): boolean {
  const of = "json_extract(reading, '$.source') = ?";
  return db
    .transaction(() => {
      const sheets = db.prepare(`DELETE FROM price_sheet WHERE ${of}`).run(label).changes;
      const loads = `SELECT id FROM telemetry_load WHERE ${of}`;
      const touched = db
        .prepare(
          `SELECT DISTINCT resource_id FROM telemetry_series
           JOIN telemetry_day ON series_id = telemetry_series.id WHERE load_id IN (${loads})`,
        )
        .pluck()
        .all(label) as number[];
      db.prepare(`DELETE FROM telemetry_day WHERE load_id IN (${loads})`).run(label);
      const resources = JSON.stringify(touched);
      db.prepare(
        `DELETE FROM telemetry_series WHERE resource_id IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM telemetry_day WHERE series_id = telemetry_series.id)`,
      ).run(resources);
      db.prepare(
        `DELETE FROM telemetry_resource WHERE id IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM telemetry_series WHERE resource_id = telemetry_resource.id)`,
      ).run(resources);
      const files = db.prepare(`DELETE FROM telemetry_load WHERE ${of}`).run(label).changes;
      return sheets + files > 0;
    })
    .immediate();
}
