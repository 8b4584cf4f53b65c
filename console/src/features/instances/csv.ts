import Papa from 'papaparse';

export const fields = ['email', 'name', 'firstName', 'lastName', 'phone', 'timeZone', 'offerId', 'startAt'] as const;

export type Field = (typeof fields)[number];

export interface Column {
  name: string;
  example: string;
}

export interface Sheet {
  file: File;
  columns: Column[];
}

const previewRows = 20;

/** Reads the columns and one example of each. The server reads the file itself; this only shows the user what it holds. */
export async function readColumns(file: File): Promise<Sheet> {
  // The first part of the file, so that a file of 1 GB is not read whole.
  const head = await file.slice(0, 256 * 1024).text();
  const { data } = Papa.parse<string[]>(head.replace(/^\uFEFF/, '').replace(/^sep=.\r?\n/, ''), {
    preview: previewRows,
    skipEmptyLines: true,
  });
  const [names = [], ...rows] = data;
  return {
    file,
    columns: names.map((name, index) => ({
      name,
      example: rows.map((row) => row[index] ?? '').find((cell) => cell !== '') ?? '',
    })),
  };
}

/** The `map` of the request: only the columns that the user changed, by their number. */
export function mapOf(chosen: Record<number, string>): string[] {
  return Object.entries(chosen).map(([index, field]) => `#${Number(index) + 1}:${field}`);
}

/** The rejected lines of a file with the reason in front, to be fixed and enrolled again. Line 1 is the header. */
export async function rejectedCsv(file: File, errors: { line: number; message: string }[]): Promise<Blob> {
  const reasons = new Map(errors.map(({ line, message }) => [line, message]));
  const rows: string[][] = [];
  let next = 1;
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(file, {
      step: ({ data }) => {
        // A record counts by its first line; quoted cells may hold line breaks.
        const line = next;
        next += 1 + data.reduce((breaks, cell) => breaks + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
        const reason = reasons.get(line);
        if (line === 1 || reason !== undefined) {
          rows.push([line === 1 ? '' : (reason ?? ''), ...data]);
        }
      },
      complete: () => resolve(),
      error: reject,
    });
  });
  return new Blob([Papa.unparse(rows, { escapeFormulae: true })], { type: 'text/csv' });
}
