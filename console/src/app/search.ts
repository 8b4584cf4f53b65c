import * as z from 'zod/mini';

const optional = <T extends z.ZodMiniType>(type: T) => z.catch(z.optional(type), undefined);
const word = optional(z.string());
const count = optional(z.number());

export const statuses = ['ACTIVE', 'PAUSED', 'COMPLETED', 'FAILED', 'STOPPED'] as const;
export const attentions = ['true', 'failed', 'inDoubt', 'late'] as const;
export const stopReasons = ['manual', 'replied', 'unsubscribed', 'bounced', 'complained', 'goal'] as const;

export const homeSearch = z.object({ forecast: optional(z.enum(['week'])) });

/** The filters of people, as in `GET /api/instances`. */
export const peopleSearch = z.object({
  sequence: word,
  status: optional(z.enum(statuses)),
  attention: optional(z.enum(attentions)),
  stopReason: optional(z.enum(stopReasons)),
  step: count,
  version: count,
  dueBefore: word,
  q: word,
  sort: optional(z.enum(['nextDueAt'])),
});

export type PeopleSearch = z.infer<typeof peopleSearch>;

export const sequencesSearch = z.object({ q: word, show: optional(z.enum(['on', 'off'])) });

export const eventSearch = z.object({
  type: word,
  sequence: word,
  period: optional(z.enum(['hour', 'day', 'week', 'month'])),
});

export const enrolSearch = z.object({ sequence: word, file: optional(z.boolean()) });
