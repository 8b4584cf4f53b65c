import { ApiError } from '../../api/problem';
import type { FollowUpEvent, Overview } from '../../api/schemas';
import type { LiveMessage } from './liveStream';

/** What this browser knows from the stream. Its tabs share it. */
interface Shared {
  status: 'connecting' | 'live' | 'offline' | 'away';
  /** Since when, in milliseconds of the browser's clock. */
  since: number;
  /** The newest events without a gap, newest first. */
  events: FollowUpEvent[];
  /** The event after which a stream continues. */
  last: string | null;
  overview: Overview | null;
}

/** What a tab shows. */
export interface Live {
  status: Shared['status'] | 'paused';
  since: number;
  events: FollowUpEvent[];
  /** The number of events that arrived since the user paused. */
  waiting: number;
}

/** The outside of a store, which tests replace. */
export interface LiveParts {
  /** Reads the stream until it ends; throws an ApiError when it is refused. */
  read: (last: string | null, signal: AbortSignal, take: (message: LiveMessage) => void) => Promise<void>;
  /** Runs once this tab is the one that reads for all of them, and until then never. */
  lead: (run: () => Promise<void>, signal: AbortSignal) => Promise<void>;
  channel: Channel;
  showOverview: (overview: Overview) => void;
  /** The session is over. */
  signedOut: () => void;
}

/** A BroadcastChannel, as far as it is needed. */
export interface Channel {
  postMessage: (message: unknown) => void;
  onmessage: ((event: MessageEvent) => void) | null;
}

type Told = { type: 'joined' } | { type: 'shared'; shared: Shared };

const mostEvents = 50;
const longestDelay = 30_000;
// The server sends an overview every two seconds. A connection that is silent for longer has died without a sign, as after a change of the network.
const longestSilence = 15_000;

/** Follows the stream of the user's events. One tab reads and tells the others, so a browser has one stream however many tabs are open. */
export class LiveStore {
  readonly #parts: LiveParts;
  readonly #listeners = new Set<() => void>();
  #shared: Shared = { status: 'connecting', since: Date.now(), events: [], last: null, overview: null };
  #shown: Live = { status: 'connecting', since: this.#shared.since, events: [], waiting: 0 };
  #pausedAt: number | null = null;
  #joined: AbortController | null = null;
  /** Ends the reading of this tab; null while another tab reads. */
  #reading: AbortSignal | null = null;

  constructor(parts: LiveParts) {
    this.#parts = parts;
    parts.channel.onmessage = ({ data }) => this.#hear(data);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): Live => this.#shown;

  /** Takes part: follows the tab that reads, and reads when there is none. */
  join(): void {
    if (this.#joined) {
      return;
    }
    const joined = new AbortController();
    this.#joined = joined;
    this.#change({ status: 'connecting' });
    this.#parts.channel.postMessage({ type: 'joined' } satisfies Told);
    void this.#parts.lead(() => this.#follow(joined.signal), joined.signal);
  }

  /** Ends the stream, or leaves it to another tab, and keeps where to continue. */
  leave(): void {
    this.#joined?.abort();
    this.#joined = null;
    this.#change({ status: 'away' });
  }

  /** Keeps what is shown as it is. What arrives is held back until `resume`. */
  readonly pause = (): void => {
    this.#pausedAt = Date.now();
    this.#show();
  };

  readonly resume = (): void => {
    this.#pausedAt = null;
    this.#show();
    if (this.#shared.overview) {
      this.#parts.showOverview(this.#shared.overview);
    }
  };

  /** Reads, and reconnects with increasing delays, until this tab leaves. */
  async #follow(left: AbortSignal): Promise<void> {
    this.#reading = left;
    for (let failures = 0; !left.aborted; ) {
      const silent = new AbortController();
      let timer = setTimeout(() => silent.abort(), longestSilence);
      let retryAfter: number | null = null;
      try {
        await this.#parts.read(this.#shared.last, AbortSignal.any([left, silent.signal]), (message) => {
          clearTimeout(timer);
          timer = setTimeout(() => silent.abort(), longestSilence);
          failures = 0;
          this.#take(message);
        });
      } catch (error) {
        if (left.aborted) {
          break;
        }
        this.#change({ status: 'offline' });
        this.#tell();
        if (error instanceof ApiError && error.status === 401) {
          this.#parts.signedOut();
        }
        retryAfter = error instanceof ApiError ? error.retryAfter : null;
      } finally {
        clearTimeout(timer);
      }
      await delay(retryAfter ? retryAfter * 1000 : backoff(failures), left);
      failures++;
    }
    // Without locks, the tab may read again already.
    if (this.#reading === left) {
      this.#reading = null;
    }
  }

  #take(message: LiveMessage): void {
    if (message.type === 'overview') {
      this.#change({ status: 'live', overview: message.overview });
    } else {
      const older = message.skipped ? [] : this.#shared.events;
      const events = [...message.items.toReversed(), ...older].slice(0, mostEvents);
      this.#change({ status: 'live', events, last: message.id ?? this.#shared.last });
    }
    this.#tell();
  }

  #tell(): void {
    this.#parts.channel.postMessage({ type: 'shared', shared: this.#shared } satisfies Told);
  }

  #hear(told: Told): void {
    if (told.type === 'joined' && this.#reading) {
      this.#tell();
    } else if (told.type === 'shared' && this.#joined && !this.#reading) {
      this.#change(told.shared);
    }
  }

  #change(changed: Partial<Shared>): void {
    const old = this.#shared;
    const moved = changed.status !== undefined && changed.status !== old.status;
    this.#shared = { ...old, ...(moved && { since: Date.now() }), ...changed };
    this.#show();
    if (this.#pausedAt === null && changed.overview && changed.overview !== old.overview) {
      this.#parts.showOverview(changed.overview);
    }
  }

  #show(): void {
    const { status, since, events } = this.#shared;
    if (this.#pausedAt === null) {
      this.#shown = { status, since, events, waiting: 0 };
    } else {
      const newest = this.#shown.events[0]?.id;
      const seen = events.findIndex(({ id }) => id === newest);
      const waiting = seen < 0 ? events.length : seen;
      this.#shown = { status: 'paused', since: this.#pausedAt, events: this.#shown.events, waiting };
    }
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** 1 s, 2 s, 4 s … 30 s, each shortened by up to a half, so that the consoles of a restarted node do not all return at once. */
function backoff(failures: number): number {
  return Math.min(longestDelay, 1000 * 2 ** failures) * (0.5 + Math.random() / 2);
}

/** Waits, but not once the network is back or the signal ends. */
function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    window.addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
