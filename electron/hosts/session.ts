import { createHash, randomBytes } from 'node:crypto';

/** A launch token is good once, for this long. */
const launchMs = 60_000;

export interface Sessions {
  /** A fresh launch token, for the fragment of an address. */
  issue: () => string;
  /** Trades a launch token for a session key; null where it is unknown, used or too old. */
  exchange: (token: string) => string | null;
  holds: (key: string) => boolean;
}

/** 256 random bits as text that needs no escaping in an address or a header. */
export function randomKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Who may talk to the window host. Only digests are kept, so a lookup says nothing about a key. */
export function createSessions(now: () => number): Sessions {
  const launches = new Map<string, number>();
  const keys = new Set<string>();
  return {
    issue() {
      for (const [token, until] of launches) if (until <= now()) launches.delete(token);
      const token = randomKey();
      launches.set(digest(token), now() + launchMs);
      return token;
    },
    exchange(token) {
      const name = digest(token);
      const until = launches.get(name);
      launches.delete(name);
      if (until === undefined || until <= now()) return null;
      const key = randomKey();
      keys.add(digest(key));
      return key;
    },
    holds: (key) => keys.has(digest(key)),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
