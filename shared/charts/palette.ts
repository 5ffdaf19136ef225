/** The tokens that charts and reports draw with; the window's style sheet holds the same values. */
export interface Tokens {
  bg: string;
  surface: string;
  sunken: string;
  line: string;
  strong: string;
  text: string;
  muted: string;
  faint: string;
  accent: string;
  accentWeak: string;
  actual: string;
  /** Savings and nothing else; `saveLight` is the part of a step that another one also reaches. */
  save: string;
  saveMid: string;
  saveWeak: string;
  saveLight: string;
  /** Over budget, loss, ends soon. */
  risk: string;
  /** Categories 1 to 6 by rank of spend, then the rest. */
  categories: readonly [string, string, string, string, string, string, string];
}

export const lightTokens: Tokens = {
  bg: '#FFFFFF',
  surface: '#F6F7F8',
  sunken: '#ECEEF1',
  line: '#E2E5E9',
  strong: '#C3C9D0',
  text: '#15191E',
  muted: '#56606B',
  faint: '#616B76',
  accent: '#1F5FBF',
  accentWeak: '#E6EEFA',
  actual: '#7B8692',
  save: '#0A7540',
  saveMid: '#46906C',
  saveWeak: '#D5EDDF',
  saveLight: '#8CC7A5',
  risk: '#B42318',
  categories: ['#498CE0', '#B53700', '#187477', '#582F9A', '#B48633', '#8E0C31', '#878F95'],
};

export const darkTokens: Tokens = {
  bg: '#14171B',
  surface: '#1A1E23',
  sunken: '#22272D',
  line: '#2B3138',
  strong: '#48515B',
  text: '#E7EAED',
  muted: '#9EA8B3',
  faint: '#8A949F',
  accent: '#7DB0FF',
  accentWeak: '#1D2B42',
  actual: '#8D99A6',
  save: '#4CC38A',
  saveMid: '#2E8560',
  saveWeak: '#17382A',
  saveLight: '#2E8560',
  risk: '#FF8B7E',
  categories: ['#5672F1', '#E77003', '#78A6A2', '#7F64A2', '#F0BC52', '#CE3454', '#B6C7D8'],
};

/** The colour of a category by its stored number, 1 to 7. */
export function categoryColour(tokens: Tokens, colour: number): string {
  return tokens.categories[colour - 1] ?? tokens.categories[6];
}

export const fontFamily = "'Inter Variable', Inter, system-ui, sans-serif";
