import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether this process may mount file systems. Says so loudly where it may not. */
export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'outlay-mount-'));
  try {
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    if (status === 0) {
      execFileSync('umount', [folder]);
      return true;
    }
    if (process.env['CI'] && mayAdministrate()) throw new Error('no file system can be mounted');
    console.warn('SKIPPED: tests on a small or read-only disk need Linux and the right to mount.');
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** CAP_SYS_ADMIN: a root inside a container often has it not. */
function mayAdministrate(): boolean {
  try {
    const mask = /CapEff:\s*([0-9a-f]+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return ((BigInt(`0x${mask}`) >> 21n) & 1n) === 1n;
  } catch {
    return false;
  }
}

export interface SmallDisk {
  folder: string;
  freeBytes: () => number;
  /** Leaves so many bytes free. */
  fill: (freeBytes: number) => void;
  /** Takes away what `fill` wrote. */
  makeRoom: () => void;
  /** Mounts it again without the right to write. */
  forbidWriting: () => void;
  close: () => void;
}

/** A file system in memory that holds so many bytes. */
export function smallDisk(folder: string, bytes: number): SmallDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return {
    folder,
    freeBytes,
    fill: (free) => writeFileSync(filler, Buffer.alloc(Math.max(0, freeBytes() - free))),
    makeRoom: () => rmSync(filler, { force: true }),
    forbidWriting: () => execFileSync('mount', ['-o', 'remount,ro', folder]),
    close: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
