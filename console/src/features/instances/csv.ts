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

/** The first line by which Excel names the separator. The server also reads it in quotes. */
const preamble = /^"?sep=([,;\t])"?\r?\n/i;

// As Papa's own rule, except for phone numbers: an apostrophe in front would make them invalid when the rows are enrolled again.
const formula = /^(?!\+\d[\d ()./-]*$)[=+\-@\t\r]/;

/** Reads the columns and one example of each. The server reads the file itself; this only shows the user what it holds. */
export async function readColumns(file: File): Promise<Sheet> {
  // The first part of the file, so that a file of 1 GB is not read whole.
  const head = await file.slice(0, 256 * 1024).text();
  const { data } = Papa.parse<string[]>(head.replace(/^\uFEFF/, '').replace(preamble, ''), {
    delimiter: separator(head),
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

/** The separator that the file names; undefined lets Papa detect it. */
function separator(head: string): string | undefined {
  return preamble.exec(head.replace(/^\uFEFF/, ''))?.[1];
}

/** The `map` of the request: only the columns that the user changed, by their number. */
export function mapOf(chosen: Record<number, string>): string[] {
  return Object.entries(chosen).map(([index, field]) => `#${Number(index) + 1}:${field}`);
}

/** The rejected lines of a file with the reason in front, to be fixed and enrolled again. Lines are counted as the server does, from 1. */
export async function rejectedCsv(file: File, errors: { line: number; message: string }[]): Promise<Blob> {
  const reasons = new Map(errors.map(({ line, message }) => [line, message]));
  const rows: string[][] = [];
  const delimiter = separator(await file.slice(0, 16).text());
  let skip = delimiter !== undefined;
  let next = 1;
  await new Promise<void>((resolve, reject) => {
    Papa.parse<string[]>(file, {
      delimiter,
      step: ({ data }) => {
        // A record counts by its first line; quoted cells may hold line breaks.
        const line = next;
        next += 1 + data.reduce((breaks, cell) => breaks + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
        if (skip || data.join('').trim() === '') {
          skip = false;
          return;
        }
        // The first record is the header.
        const reason = rows.length === 0 ? '' : reasons.get(line);
        if (reason !== undefined) {
          rows.push([reason, ...data]);
        }
      },
      complete: () => resolve(),
      error: reject,
    });
  });
  return new Blob([Papa.unparse(rows, { escapeFormulae: formula })], { type: 'text/csv' });
}
