/**
 * Values by their dotted names, nested at the dots. A name that is also the start of a longer one gives way to it. The objects have no prototype,
 * because users choose the names: `__proto__` is a name like any other.
 */
export function nest(values: [name: string, value: unknown][]): Record<string, unknown> {
  const all = empty();
  for (const [name, value] of values) {
    const path = name.split('.');
    const last = path.pop() ?? '';
    let inner = all;
    for (const part of path) {
      const next = isNested(inner[part]) ? inner[part] : empty();
      inner[part] = next;
      inner = next;
    }
    if (!isNested(inner[last])) {
      inner[last] = value;
    }
  }
  return all;
}

const empty = (): Record<string, unknown> => Object.create(null);

const isNested = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';
