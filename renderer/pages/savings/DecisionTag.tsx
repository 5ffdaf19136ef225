import type { DecisionItem } from '../../data/decided.ts';
import { formatDay, formatDayShort } from '../../../shared/domain/format.ts';

/** Where an action stands: proposed, or what was decided last. */
export function DecisionTag({ item }: { item: DecisionItem | undefined }) {
  const { words, strong } = tagOf(item);
  return (
    <span
      className={strong ? 'tag strong-tag' : 'tag'}
      title={item?.reason ?? (item?.day ? formatDay(item.day) : undefined)}
    >
      {words}
    </span>
  );
}

function tagOf(item: DecisionItem | undefined): { words: string; strong: boolean } {
  const on = item?.day ? ` ${formatDayShort(item.day)}` : '';
  switch (item?.state) {
    case 'accepted':
      return { words: 'Accepted', strong: true };
    case 'scheduled':
      return { words: item.overdue ? `Overdue${on}` : `Scheduled${on}`, strong: true };
    case 'done':
      return { words: `Done${on}`, strong: true };
    case 'dismissed':
      return { words: 'Dismissed', strong: false };
    case 'snoozed':
      return { words: `Snoozed to${on}`, strong: false };
    default:
      return { words: 'Proposed', strong: false };
  }
}
