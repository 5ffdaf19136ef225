import type { Purpose } from '../workloads/purposes.ts';

/** A purpose owns its colour everywhere; those beyond six named ones share the last. */
export const purposeColours: Record<Purpose, number> = {
  training: 1,
  inference: 2,
  'managed-api': 3,
  'data-preparation': 4,
  'ai-storage': 5,
  notebook: 6,
  'fine-tuning': 7,
  'ai-platform': 7,
  licence: 7,
  'other-ai': 7,
  'not-ai': 7,
};
