import type { Instance } from '../api/schemas';
import { t } from '../i18n/messages';
import { type Shape, StatusShape } from './StatusShape';

type Subject = Pick<Instance, 'status' | 'attention' | 'stopReason'>;

interface Props {
  instance: Subject;
  /** From 0 to 1; the pie of an active instance. */
  progress?: number;
  pill?: boolean;
  /** Follows the word, such as "step 4 of 9". */
  detail?: string;
}

/** The status of an instance: shape and word. What needs attention outranks the status. */
export function Status({ instance, progress, pill, detail }: Props) {
  const shape = shapeOf(instance);
  return (
    <span className={pill ? `pill p-${shape}` : 'st'}>
      <StatusShape shape={shape} progress={progress} />
      {detail ? `${statusWord(instance)}, ${detail}` : statusWord(instance)}
    </span>
  );
}

export function statusWord({ status, attention, stopReason }: Subject): string {
  if (attention === 'inDoubt' || attention === 'late') {
    return t(`status.${attention}`);
  }
  return stopReason ? t('status.stopped.reason', { reason: t(`stop.${stopReason}`) }) : t(`status.${status}`);
}

function shapeOf({ status, attention }: Subject): Shape {
  if (attention === 'inDoubt') {
    return 'doubt';
  }
  return attention === 'late' ? 'late' : (status.toLowerCase() as Shape);
}
