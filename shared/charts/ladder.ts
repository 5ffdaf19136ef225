import { dayNumber } from '../domain/calendar.ts';

export interface Tranche {
  /** Bought on this day, ends on that day. */
  day: string;
  ends: string;
  amount: number;
}

/** A block of one tranche between two days on which what is committed changes. */
export interface LadderBlock {
  tranche: number;
  from: number;
  to: number;
  /** Amounts at its lower and upper edge. */
  bottom: number;
  top: number;
}

export interface Ladder {
  blocks: LadderBlock[];
  /** Day numbers of both ends. */
  from: number;
  to: number;
  most: number;
}

/** The tranches piled up over time: those that run on a day lie on each other, oldest lowest. */
export function ladderBlocks(tranches: readonly Tranche[]): Ladder {
  const days = tranches.map(({ day, ends }) => [dayNumber(day), dayNumber(ends)] as const);
  const turns = [...new Set(days.flat())].sort((a, b) => a - b);
  const blocks: LadderBlock[] = [];
  let most = 0;
  turns.slice(0, -1).forEach((from, index) => {
    const to = turns[index + 1] ?? from;
    let height = 0;
    days.forEach(([starts, ends], tranche) => {
      const amount = tranches[tranche]?.amount ?? 0;
      if (starts > from || ends <= from || amount <= 0) return;
      const bottom = height;
      height += amount;
      const last = blocks.findLast((block) => block.tranche === tranche);
      if (last && last.to === from && last.bottom === bottom) last.to = to;
      else blocks.push({ tranche, from, to, bottom, top: height });
    });
    most = Math.max(most, height);
  });
  return { blocks, from: turns[0] ?? 0, to: turns.at(-1) ?? 0, most };
}
