import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Draft, withKeys } from './draft';
import { type LivePreview, usePreview } from './usePreview';

const { post } = vi.hoisted(() => ({ post: vi.fn(async () => ({ timeZone: 'UTC', steps: [], warnings: [] })) }));
vi.mock('../../api/client', () => ({ api: { POST: post }, answer: (call: Promise<unknown>) => call }));

const draft: Draft = { name: 'Offer', description: '', steps: withKeys([{ type: 'WAIT', delayDays: 3 }]) };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

let preview: LivePreview | undefined;
let renders = 0;
function Shown({ draft }: { draft: Draft }) {
  renders++;
  preview = usePreview(draft, null, '');
  return null;
}

it('renders until the draft is previewed, and then not until it changes', async () => {
  const queries = new QueryClient();
  const root = createRoot(document.createElement('div'));
  const render = (draft: Draft) =>
    act(() =>
      root.render(
        <QueryClientProvider client={queries}>
          <Shown draft={draft} />
        </QueryClientProvider>,
      ),
    );
  const wait = () => act(() => vi.advanceTimersByTimeAsync(1_000));
  await render(draft);
  await wait();

  await render({ ...draft, name: 'Changed' });
  expect(preview?.stale).toBe(true);
  await wait();
  await wait();
  expect(preview?.stale).toBe(false);
  expect(post).toHaveBeenCalledTimes(2);
  renders = 0;
  await wait();
  await wait();
  expect(renders).toBe(0);
  await act(() => root.unmount());
});
