import { asProblem } from '../../api/client';
import { ApiError } from '../../api/problem';
import type { components } from '../../api/schema';

export type Bulk = components['schemas']['Bulk'];

interface Request {
  sequence: string;
  file: File;
  map: string[];
  dryRun: boolean;
  /** From 0 to 1, while the file is sent. */
  progress: (sent: number) => void;
}

/** Streams a file to the bulk route. XMLHttpRequest, because fetch does not report the progress of an upload. */
export function upload({ sequence, file, map, dryRun, progress }: Request): Promise<Bulk> {
  const query = new URLSearchParams([...map.map((column) => ['map', column]), ['dryRun', String(dryRun)]]);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/sequences/${sequence}/instances/bulk?${query}`);
    request.setRequestHeader('Content-Type', 'text/csv');
    request.setRequestHeader('X-FollowUp', '1');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () =>
      request.status === 200
        ? resolve(request.response as Bulk)
        : reject(new ApiError(request.status, asProblem(request.response), null));
    request.onerror = () => reject(new ApiError(0, null, null));
    request.send(file);
  });
}
