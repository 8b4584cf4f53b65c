import type { Finding, Node, System } from '../../api/schemas';
import { locale, t } from '../../i18n/messages';

const missing = 30_000;

/** Whether a node has reported lately, by the clock of the response. A node reports every five seconds. */
export function isOnline({ seenAt }: Node, { at }: Pick<System, 'at'>): boolean {
  return Date.parse(at) - Date.parse(seenAt) <= missing;
}

/** The title of the page: whether the engine is healthy. */
export function systemTitle({ findings }: Pick<System, 'findings'>): string {
  const worst = findings[0]?.severity;
  return worst
    ? t(`system.${worst}`, { n: findings.filter(({ severity }) => severity === worst).length })
    : t('system.healthy');
}

export const states = ['scheduled', 'due', 'leased', 'parked', 'inDoubt'] as const;

export interface QueueRow {
  state: (typeof states)[number];
  email: number;
  sms: number;
  wait: number;
  total: number;
}

/** The queue by state, also the states without steps. */
export function queueRows({ queue }: Pick<System, 'queue'>): QueueRow[] {
  return states.map((state) => {
    const count = (channel: string) =>
      queue.filter((one) => one.state === state && one.channel === channel).reduce((sum, one) => sum + one.count, 0);
    const [email, sms, wait] = [count('EMAIL'), count('SMS'), count('WAIT')];
    return { state, email, sms, wait, total: email + sms + wait };
  });
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `18.4 GB` */
export function bytes(count: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1);
  return new Intl.NumberFormat(locale, { style: 'unit', unit: units[power], maximumFractionDigits: 1 }).format(
    count / 1000 ** power,
  );
}

/** Whether the database has a finding of this kind, which its figure shows. */
export const has = (findings: Finding[], code: Finding['code']) => findings.some((finding) => finding.code === code);
