import { existsSync, readFileSync } from 'node:fs';
import { ForesellError } from '../errors.ts';
import type { Connection } from './connection.ts';

const BEAT_MS = 5_000;

/** When a process began, as the system counts it: tells a reused id from the first holder's. Empty where unknown. */
function startOf(pid: number): string {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return '';
  const stat = readFileSync(path, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function isAlive(pid: number, started: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === '' || startOf(pid) === started;
}

interface Lease {
  readonly pid: number;
  readonly started: string;
  readonly heartbeat: number;
}

/**
 * Runs `work` as the only one of its kind on this file. A lease whose process has died is taken over; one that lives,
 * here or in another process, refuses. The heartbeat is for people: life is asked of the system itself.
 */
export async function withLease<T>(
  db: Connection,
  kind: string,
  now: () => number,
  waitMs: number,
  work: () => T | Promise<T>,
): Promise<T> {
  db.transaction(() => {
    const held = db.prepare<[string], Lease>('SELECT pid, started, heartbeat FROM leases WHERE kind = ?').get(kind);
    if (held && isAlive(held.pid, held.started)) {
      throw new ForesellError(
        'lease-held',
        `another ${kind} is running on this database (process ${held.pid}); wait until it has ended`,
        { status: 409 },
      );
    }
    db.prepare(
      'INSERT INTO leases (kind, pid, started, heartbeat) VALUES (?, ?, ?, ?) ON CONFLICT (kind) DO UPDATE SET pid = excluded.pid, started = excluded.started, heartbeat = excluded.heartbeat',
    ).run(kind, process.pid, startOf(process.pid), now());
  }).immediate();
  const beat = db.prepare('UPDATE leases SET heartbeat = ? WHERE kind = ? AND pid = ?');
  const timer = setInterval(() => {
    // While a long write holds the file, that write is the sign of life.
    db.pragma('busy_timeout = 0');
    try {
      beat.run(now(), kind, process.pid);
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    } finally {
      db.pragma(`busy_timeout = ${waitMs}`);
    }
  }, BEAT_MS);
  timer.unref();
  try {
    return await work();
  } finally {
    clearInterval(timer);
    db.prepare('DELETE FROM leases WHERE kind = ? AND pid = ?').run(kind, process.pid);
  }
}
