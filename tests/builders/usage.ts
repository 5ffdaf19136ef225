/** Seconds since 1970 of the start of a day. */
export const seconds = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;

/** One day of OpenAI usage of completions. */
export function openaiDay(day: string, ...results: Record<string, unknown>[]) {
  return {
    object: 'bucket',
    start_time: seconds(day),
    end_time: seconds(day) + 86_400,
    results: results.map((result) => ({
      object: 'organization.usage.completions.result',
      input_tokens: 0,
      output_tokens: 0,
      num_model_requests: 1,
      project_id: null,
      api_key_id: null,
      user_id: null,
      model: null,
      batch: null,
      ...result,
    })),
  };
}
/** A page of an OpenAI answer. */
export const page = (...data: unknown[]) => ({
  object: 'page',
  data,
  has_more: false,
  next_page: null,
});
