/**
 * List prices of language models, US dollars a million tokens: vendor, id, name, input, output,
 * cached input, first day, day after the last.
 *
 * Source `llm-prices` (2026-08-05): the vendors' own price pages, not those of a cloud that resells
 * the model. "-" is unknown; cache writes and batch discounts are not in it.
 */
export const tokenPriceTable = `
amazon|amazon-nova-micro|Amazon Nova Micro|0.035|0.14|-|-|-
amazon|amazon-nova-lite|Amazon Nova Lite|0.06|0.24|-|-|-
amazon|amazon-nova-pro|Amazon Nova Pro|0.8|3.2|-|-|-
amazon|amazon-nova-premier|Amazon Nova Premier|2.5|12.5|-|-|-
anthropic|claude-3.7-sonnet|Claude 3.7 Sonnet|3|15|-|-|-
anthropic|claude-3.5-sonnet|Claude 3.5 Sonnet|3|15|-|-|-
anthropic|claude-3-opus|Claude 3 Opus|15|75|-|-|-
anthropic|claude-3-haiku|Claude 3 Haiku|0.25|1.25|-|-|-
anthropic|claude-3.5-haiku|Claude 3.5 Haiku|0.8|4|-|-|-
anthropic|claude-4.5-haiku|Claude 4.5 Haiku|1|5|-|-|-
anthropic|claude-sonnet-4.5|Claude Sonnet 4 and 4.5 ≤200k|3|15|-|-|-
anthropic|claude-sonnet-4.5-200k|Claude Sonnet 4 and 4.5 >200k|6|22.5|-|-|-
anthropic|claude-sonnet-5|Claude Sonnet 5|2|10|-|-|2026-09-01
anthropic|claude-sonnet-5|Claude Sonnet 5|3|15|-|2026-09-01|-
anthropic|claude-opus-4|Claude Opus 4|15|75|-|-|-
anthropic|claude-opus-4-1|Claude Opus 4.1|15|75|-|-|-
anthropic|claude-opus-4-5|Claude Opus 4.5|5|25|-|-|-
anthropic|claude-opus-4-6|Claude Opus 4.6|5|25|-|-|-
anthropic|claude-opus-4-7|Claude Opus 4.7|5|25|-|-|-
anthropic|claude-opus-4-8|Claude Opus 4.8|5|25|-|-|-
anthropic|claude-fable-5|Claude Fable 5|10|50|-|-|-
anthropic|claude-mythos-5|Claude Mythos 5|10|50|-|-|-
deepseek|deepseek-v4-flash|DeepSeek-V4-Flash|0.14|0.28|0.028|-|-
deepseek|deepseek-v4-pro|DeepSeek-V4-Pro|1.74|3.48|0.145|-|-
deepseek|deepseek-chat|DeepSeek Chat|0.27|1.1|-|2025-02-08|-
deepseek|deepseek-chat|DeepSeek Chat|0.14|0.28|-|-|2025-02-08
deepseek|deepseek-reasoner|DeepSeek Reasoner|0.55|2.19|-|-|-
google|gemini-2.5-pro-preview-03-25|Gemini 2.5 Pro Preview ≤200k|1.25|10|-|-|-
google|gemini-2.5-pro-preview-03-25-200k|Gemini 2.5 Pro Preview >200k|2.5|15|-|-|-
google|gemini-2.0-flash-lite|Gemini 2.0 Flash Lite|0.075|0.3|-|-|-
google|gemini-2.0-flash|Gemini 2.0 Flash|0.1|0.4|-|-|-
google|gemini-1.5-flash|Gemini 1.5 Flash ≤128k|0.075|0.3|-|-|-
google|gemini-1.5-flash-128k|Gemini 1.5 Flash >128k|0.15|0.6|-|-|-
google|gemini-1.5-flash-8b|Gemini 1.5 Flash-8B ≤128k|0.0375|0.15|-|-|-
google|gemini-1.5-flash-8b-128k|Gemini 1.5 Flash-8B >128k|0.075|0.3|-|-|-
google|gemini-1.5-pro|Gemini 1.5 Pro ≤128k|1.25|5|-|-|-
google|gemini-1.5-pro-128k|Gemini 1.5 Pro >128k|2.5|10|-|-|-
google|gemini-2.5-flash|Gemini 2.5 Flash|0.3|2.5|0.03|-|-
google|gemini-2.5-flash-lite|Gemini 2.5 Flash-Lite|0.1|0.4|0.01|-|-
google|gemini-2.5-flash-preview-09-2025|Gemini 2.5 Flash Preview (09-2025)|0.3|2.5|0.03|-|-
google|gemini-2.5-pro|Gemini 2.5 Pro ≤200k|1.25|10|0.125|-|-
google|gemini-2.5-pro-200k|Gemini 2.5 Pro >200k|2.5|15|0.25|-|-
google|gemini-3-pro-preview|Gemini 3 Pro ≤200k|2|12|-|-|-
google|gemini-3-pro-preview-200k|Gemini 3 Pro >200k|4|18|-|-|-
google|gemini-3-flash-preview|Gemini 3 Flash Preview|0.5|3|-|-|-
google|gemini-3-1-pro-preview|Gemini 3.1 Pro ≤200k|2|12|-|-|-
google|gemini-3-1-pro-preview-200k|Gemini 3.1 Pro >200k|4|18|-|-|-
google|gemini-3.1-flash-lite-preview|Gemini 3.1 Flash-Lite|0.25|1.50|0.025|-|-
google|gemini-3.5-flash|Gemini 3.5 Flash|1.50|9|0.15|-|-
google|gemini-3.6-flash|Gemini 3.6 Flash|1.50|7.50|0.15|-|-
google|gemini-3.5-flash-lite|Gemini 3.5 Flash-Lite|0.30|2.50|0.03|-|-
meta-ai|muse-spark-1.2-contributor|Muse Spark 1.2 Contributor|0.1|0.2|0.002|-|-
meta-ai|muse-spark-1.2|Muse Spark 1.2|1.25|4.25|0.15|-|-
meta-ai|muse-spark-1.1|Muse Spark 1.1|1.25|4.25|0.15|-|-
minimax|minimax-m2|MiniMax M2|0.3|1.2|-|-|-
mistral|pixtral-12b|Pixtral 12B|0.15|0.15|-|-|-
mistral|mistral-small-latest|Mistral Small 3.1|0.1|0.3|-|-|-
mistral|mistral-medium-2505|Mistral Medium 3|0.4|2|-|-|-
mistral|mistral-nemo|Mistral NeMo|0.15|0.15|-|-|-
mistral|open-mistral-7b|Mistral 7B|0.25|0.25|-|-|-
mistral|open-mixtral-8x7b|Mixtral 8x7B|0.7|0.7|-|-|-
mistral|open-mixtral-8x22b|Mixtral 8x22B|2|6|-|-|-
mistral|mistral-large-latest|Mistral Large 24.11|2|6|-|-|-
mistral|pixtral-large-latest|Pixtral Large|2|6|-|-|-
mistral|mistral-saba-latest|Mistral Saba|0.2|0.6|-|-|-
mistral|codestral-latest|Codestral|0.3|0.9|-|-|-
mistral|ministral-8b-latest|Ministral 8B 24.10|0.1|0.1|-|-|-
mistral|ministral-3b-latest|Ministral 3B 24.10|0.04|0.04|-|-|-
mistral|magistral-medium-latest|Magistral Medium|2|5|-|-|-
moonshot-ai|kimi-k2-0905-preview|Kimi K2 0905 Preview|0.6|2.5|0.15|-|-
moonshot-ai|kimi-k2-0711-preview|Kimi K2 0711 Preview|0.6|2.5|0.15|-|-
moonshot-ai|kimi-k2-turbo-preview|Kimi K2 Turbo Preview|1.15|8.0|0.15|-|-
moonshot-ai|kimi-k2-thinking|Kimi K2 Thinking|0.6|2.5|0.15|-|-
moonshot-ai|kimi-k2-thinking-turbo|Kimi K2 Thinking Turbo|1.15|8.0|0.15|-|-
openai|text-davinci-003|GPT-3 Text Davinci 003|20|20|-|-|-
openai|gpt-4.5|GPT-4.5|75|150|37.5|-|-
openai|gpt-4o|GPT-4o|2.5|10|1.25|-|-
openai|gpt-4o-mini|GPT-4o Mini|0.15|0.6|0.075|-|-
openai|chatgpt-4o-latest|ChatGPT 4o Latest|5|15|-|-|-
openai|o1-preview|o1 and o1-preview|15|60|7.5|-|-
openai|o1-pro|o1 Pro|150|600|-|-|-
openai|o1-mini|o1-mini|1.1|4.4|0.55|-|-
openai|o3-mini|o3-mini|1.1|4.4|0.55|-|-
openai|gpt-4.1|GPT-4.1|2|8|0.5|-|-
openai|gpt-4.1-mini|GPT-4.1 Mini|0.4|1.6|0.1|-|-
openai|gpt-4.1-nano|GPT-4.1 Nano|0.1|0.4|0.025|-|-
openai|o3|o3|10|40|0.5|-|-
openai|o4-mini|o4-mini|1.1|4.4|0.275|-|-
openai|gpt-5-nano|GPT-5 Nano|0.05|0.4|0.005|-|-
openai|gpt-5-mini|GPT-5 Mini|0.25|2|0.025|-|-
openai|gpt-5|GPT-5|1.25|10|0.125|-|-
openai|gpt-image-1|gpt-image-1 (image gen)|10|40|1.25|-|-
openai|gpt-image-1-mini|gpt-image-1-mini (image gen)|2|8|0.2|-|-
openai|gpt-image-2-image|gpt-image-2 (image gen) image tokens|8|30|2|-|-
openai|gpt-image-2-text|gpt-image-2 (image gen) text tokens|5|10|1.25|-|-
openai|gpt-5-pro|GPT-5 Pro|15|120|-|-|-
openai|o3-pro|o3 Pro|20|80|-|-|-
openai|o4-mini-deep-research|o4-mini Deep Research|2|8|0.5|-|-
openai|o3-deep-research|o3 Deep Research|10|40|2.5|-|-
openai|gpt-5.1-codex-mini|GPT-5.1 Codex mini|0.25|2.0|0.025|-|-
openai|gpt-5.1-codex|GPT-5.1 Codex|1.25|10.0|0.125|-|-
openai|gpt-5.1|GPT-5.1|1.25|10.0|0.125|-|-
openai|gpt-5.2|GPT-5.2|1.75|14.0|0.175|-|-
openai|gpt-5.2-pro|GPT-5.2 Pro|21.0|168.0|-|-|-
openai|gpt-5.4|GPT-5.4 ≤272k|2.5|15.0|0.25|-|-
openai|gpt-5.4-272k|GPT-5.4 >272k|5.0|22.5|0.5|-|-
openai|gpt-5.4-pro|GPT-5.4 Pro ≤272k|30.0|180.0|-|-|-
openai|gpt-5.4-pro-272k|GPT-5.4 Pro >272k|60.0|270.0|-|-|-
openai|gpt-5.4-mini|GPT-5.4 Mini|0.75|4.5|0.075|-|-
openai|gpt-5.4-nano|GPT-5.4 Nano|0.2|1.25|0.02|-|-
openai|gpt-5.5|GPT-5.5 ≤272k|5.0|30.0|0.50|-|-
openai|gpt-5.5-272k|GPT-5.5 >272k|10.0|45.0|1|-|-
openai|gpt-5.5-pro|GPT-5.5 Pro ≤272k|30.0|180.0|-|-|-
openai|gpt-5.5-pro-272k|GPT-5.5 Pro >272k|60.0|270.0|-|-|-
openai|gpt-5.6-sol|GPT-5.6 Sol ≤272k|5.0|30.0|0.50|-|-
openai|gpt-5.6-sol-272k|GPT-5.6 Sol >272k|10.0|45.0|1.0|-|-
openai|gpt-5.6-terra|GPT-5.6 Terra ≤272k|2.5|15.0|0.25|-|2026-07-30
openai|gpt-5.6-terra|GPT-5.6 Terra ≤272k|2|12.0|0.20|2026-07-30|-
openai|gpt-5.6-terra-272k|GPT-5.6 Terra >272k|5.0|22.5|0.5|-|2026-07-30
openai|gpt-5.6-terra-272k|GPT-5.6 Terra >272k|4.0|18.0|0.4|2026-07-30|-
openai|gpt-5.6-luna|GPT-5.6 Luna ≤272k|1.0|6.0|0.1|-|2026-07-30
openai|gpt-5.6-luna|GPT-5.6 Luna ≤272k|0.2|1.20|0.02|2026-07-30|-
openai|gpt-5.6-luna-272k|GPT-5.6 Luna >272k|2.0|9.0|0.2|-|2026-07-30
openai|gpt-5.6-luna-272k|GPT-5.6 Luna >272k|0.4|1.8|0.04|2026-07-30|-
qwen|qwen3.6-plus|Qwen3.6 Plus ≤256k|0.5|3|-|-|-
qwen|qwen3.6-plus-256k|Qwen3.6 Plus >256k|2|6|-|-|-
xai|grok-3|Grok 3|3|15|0.75|-|-
xai|grok-3-mini|Grok 3 Mini|0.3|0.5|0.075|-|-
xai|grok-4-fast|Grok 4 Fast|0.2|0.5|0.05|-|-
xai|grok-4|Grok 4 ≤128k|3|15|0.75|-|-
xai|grok-4-128k|Grok 4 >128k|6|30|0.75|-|-
xai|grok-4-fast|Grok 4 Fast ≤128k|0.20|0.50|0.05|-|-
xai|grok-4-fast-128k|Grok 4 Fast >128k|0.40|1.00|0.05|-|-
xai|grok-4-fast-reasoning|Grok 4 Fast Reasoning ≤128k|0.20|0.50|0.05|-|-
xai|grok-4-fast-reasoning-128k|Grok 4 Fast Reasoning >128k|0.40|1.00|0.05|-|-
xai|grok-code-fast-1|Grok Code Fast 1|0.2|1.5|0.02|-|-
xai|grok-4.5|Grok 4.5 ≤200k|2|6|0.3|-|-
xai|grok-4.5-200k|Grok 4.5 >200k|4|12|0.6|-|-
xai|grok-build-0.1|Grok Build 0.1 ≤200k|1|2|0.2|-|-
xai|grok-build-0.1-200k|Grok Build 0.1 >200k|2|4|0.4|-|-
xai|grok-4.3|Grok 4.3 ≤200k|1.25|2.5|0.2|-|-
xai|grok-4.3-200k|Grok 4.3 >200k|2.5|5|0.4|-|-
xai|grok-4.20-multi-agent-0309|Grok 4.20 Multi-Agent 0309 ≤200k|1.25|2.5|0.2|-|-
xai|grok-4.20-multi-agent-0309-200k|Grok 4.20 Multi-Agent 0309 >200k|2.5|5|0.4|-|-
xai|grok-4.20-0309-reasoning|Grok 4.20 0309 Reasoning ≤200k|1.25|2.5|0.2|-|-
xai|grok-4.20-0309-reasoning-200k|Grok 4.20 0309 Reasoning >200k|2.5|5|0.4|-|-
xai|grok-4.20-0309-non-reasoning|Grok 4.20 0309 Non-Reasoning ≤200k|1.25|2.5|0.2|-|-
xai|grok-4.20-0309-non-reasoning-200k|Grok 4.20 0309 Non-Reasoning >200k|2.5|5|0.4|-|-
`;
