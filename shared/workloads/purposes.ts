/** What a charge is for. Every charge has exactly one, so purposes add up to the bill. */
export const purposes = [
  'training',
  'fine-tuning',
  'inference',
  'notebook',
  'data-preparation',
  'ai-storage',
  'managed-api',
  'ai-platform',
  'licence',
  'other-ai',
  'not-ai',
] as const;
export type Purpose = (typeof purposes)[number];

export const purposeTitles: Record<Purpose, string> = {
  training: 'Training',
  'fine-tuning': 'Fine-tuning',
  inference: 'Inference',
  notebook: 'Notebooks and development',
  'data-preparation': 'Data preparation',
  'ai-storage': 'AI storage',
  'managed-api': 'Managed model API',
  'ai-platform': 'AI platform',
  licence: 'Licences and marketplace',
  'other-ai': 'Other AI',
  'not-ai': 'Not AI',
};
