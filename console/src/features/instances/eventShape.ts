import type { FollowUpEvent } from '../../api/schemas';
import type { Shape } from '../../ui/StatusShape';

/** The outcome of an event as a shape. */
export function eventShape({ type, status }: FollowUpEvent): Shape {
  if (status === 'failed' || type === 'bounced' || type === 'complained') {
    return 'failed';
  }
  if (type === 'inDoubt') {
    return 'doubt';
  }
  if (type === 'paused') {
    return 'paused';
  }
  if (type === 'stopped' || type === 'unsubscribed' || status === 'skipped') {
    return 'stopped';
  }
  return type === 'completed' || status !== null ? 'completed' : 'active';
}
