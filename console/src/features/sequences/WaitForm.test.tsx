import { MantineProvider } from '@mantine/core';
import { act, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Step } from '../../api/schemas';
import { WaitForm } from './WaitForm';

type WaitStep = Extract<Step, { type: 'WAIT' }>;

let close = () => {};
beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true));
afterEach(() => {
  close();
  vi.unstubAllGlobals();
});

function Form({ initial, changed }: { initial: WaitStep; changed: (step: WaitStep) => void }) {
  const [step, setStep] = useState(initial);
  return (
    <MantineProvider>
      <WaitForm
        step={step}
        readOnly={false}
        change={(next) => {
          setStep(next as WaitStep);
          changed(next as WaitStep);
        }}
      />
    </MantineProvider>
  );
}

/** The form of a step, with a function that types into its number and one that returns the step. */
function form(initial: WaitStep) {
  let current = initial;
  const element = document.body.appendChild(document.createElement('div'));
  const root = createRoot(element);
  act(() => root.render(<Form initial={initial} changed={(step) => (current = step)} />));
  close = () => {
    act(() => root.unmount());
    element.remove();
  };
  const input = element.querySelector('input') as HTMLInputElement;
  const type = (text: string) =>
    act(() => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  const leave = () => act(() => void input.dispatchEvent(new Event('focusout', { bubbles: true })));
  return { input, type, leave, step: () => current };
}

describe('the number of a wait', () => {
  it('keeps its dot while it is typed', () => {
    const { input, type, step } = form({ type: 'WAIT', delayDays: 1 });
    type('1.');
    expect(input.value).toBe('1.');
    type('1.5');

    expect(input.value).toBe('1.5');
    expect(step()).toEqual({ type: 'WAIT', delayDays: 1.5 });
  });

  it('leaves the step as it is while it is empty, and shows its value afterwards', () => {
    const { input, type, leave, step } = form({ type: 'WAIT', delayDays: 3 });
    type('');

    expect(input.value).toBe('');
    expect(step()).toEqual({ type: 'WAIT', delayDays: 3 });
    leave();
    expect(input.value).toBe('3');
  });

  it.each([
    ['x', 3],
    ['-1', 1],
  ])('is never anything else: %s', (text, days) => {
    const { type, step } = form({ type: 'WAIT', delayBusinessDays: 3 });
    type(text);

    expect(step()).toEqual({ type: 'WAIT', delayBusinessDays: days });
  });
});
