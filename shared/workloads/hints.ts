import type { Purpose } from './purposes.ts';

/** A word that says what something is for, and the text it stands in. */
export interface Hint {
  purpose: Purpose;
  word: string;
}

/**
 * Words of names and tags, strongest first: "training-data" is data, "sft-train" is fine-tuning. Words
 * are whole: "ViennaAI" is a business unit and "drain" no training.
 */
export const hintWords: readonly [Purpose, RegExp][] = [
  [
    'ai-storage',
    /\b(?:(?:train(?:ing)?|eval|model) ?(?:data|sets?|store|bucket)|datasets?|corpus|corpora|checkpoints?|ckpts?|model ?weights?|model ?artif?e?facts?|model ?registry)\b/,
  ],
  [
    'notebook',
    /\b(?:notebooks?|jupyter\w*|jupyterhub|workbench|colab|rstudio|sagemaker ?studio)\b/,
  ],
  ['fine-tuning', /\b(?:fine ?tun\w*|finetun\w*|sft|q?lora|rlhf|grpo|instruction ?tuning)\b/],
  [
    'data-preparation',
    /\b(?:data ?prep\w*|preprocess\w*|tokeni[sz]\w*|feature ?(?:store|engineering|pipeline)|annotat\w*|labell?ing|dedup\w*|curat\w*)\b/,
  ],
  [
    'inference',
    /\b(?:infer(?:ence|encing)?|serving|model ?server|vllm|triton|tgi|kserve|sglang|predict(?:ion|ions|or|ors)?|scoring|rerank(?:er|ing)?|embed(?:der|ding|dings)?)\b/,
  ],
  [
    'training',
    /\b(?:pre ?train\w*|train(?:ing|er|ers)?|hpo|hyperparam\w*|sweeps?|ddp|fsdp|deepspeed|megatron|distill\w*)\b/,
  ],
  [
    'ai-platform',
    /\b(?:mlops|ml ?platform|mlflow|kubeflow|wandb|ray ?cluster|llmops|ai ?platform)\b/,
  ],
  ['other-ai', /\b(?:llms?|gen ?ai|gpt|rag|machine ?learning|deep ?learning|ml|gpu)\b/],
];

/** Values that people give to a tag whose key asks for the purpose. */
export const purposeAnswers = new Map<string, Purpose>(
  Object.entries({
    training: 'training',
    train: 'training',
    pretraining: 'training',
    'fine tuning': 'fine-tuning',
    finetuning: 'fine-tuning',
    finetune: 'fine-tuning',
    tuning: 'fine-tuning',
    inference: 'inference',
    serving: 'inference',
    notebook: 'notebook',
    notebooks: 'notebook',
    'data preparation': 'data-preparation',
    'data prep': 'data-preparation',
    preprocessing: 'data-preparation',
    'ai storage': 'ai-storage',
    dataset: 'ai-storage',
    datasets: 'ai-storage',
    checkpoints: 'ai-storage',
    'managed api': 'managed-api',
    'ai platform': 'ai-platform',
    mlops: 'ai-platform',
    licence: 'licence',
    license: 'licence',
    'other ai': 'other-ai',
    'not ai': 'not-ai',
  }),
);

/** Lower case, words apart: "chatServing_v2" is "chat serving v2". */
function spaced(text: string): string {
  return text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** Letters that every one of the words above begins or goes with: most names have none of them. */
const anyWord =
  /train|tun|sft|lora|rlhf|grpo|dataset|data|corp[ou]r?|checkp|ckpt|model|eval|noteb|jupy|workb|colab|rstud|studio|prep|token|feature|annot|label|dedup|curat|infer|serv|vllm|triton|tgi|sglang|predict|scor|rerank|embed|hpo|hyperp|sweep|ddp|fsdp|deep|megatron|distil|ml|kube|wandb|ray|llm|gen.?ai|ai.?platform|gpt|rag|machine|gpu/i;

/** What a name says; null where it says nothing of AI. */
export function hintOf(text: string): Hint | null {
  if (!anyWord.test(text)) return null;
  const name = spaced(text);
  for (const [purpose, pattern] of hintWords) {
    const word = pattern.exec(name)?.[0];
    if (word !== undefined) return { purpose, word };
  }
  return null;
}

/** What the value of a purpose tag says: an answer of the list, else as any name. */
export function answerOf(text: string): Hint | null {
  const purpose = purposeAnswers.get(spaced(text));
  return purpose ? { purpose, word: text } : hintOf(text);
}
