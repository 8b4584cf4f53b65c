import { Select } from '@mantine/core';
import { t } from '../../i18n/messages';
import { type Column, fields } from './csv';

interface Props {
  columns: Column[];
  /** The fields that the user chose, by column; the server recognizes the others by their names. */
  chosen: Record<number, string>;
  disabled: boolean;
  choose: (index: number, field: string) => void;
}

/** What each column becomes. */
export function ColumnTable({ columns, chosen, disabled, choose }: Props) {
  return (
    <div className="panel">
      <table className="t plain maps">
        <thead>
          <tr>
            <th scope="col">{t('enrol.column')}</th>
            <th scope="col">{t('enrol.example')}</th>
            <th scope="col">{t('enrol.field')}</th>
          </tr>
        </thead>
        <tbody>
          {columns.map(({ name, example }, index) => {
            const variable = `variables.${name}`;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may have the same name, and their order is fixed.
              <tr key={index}>
                <td className="p">{name}</td>
                <td className="q clip">{example}</td>
                <td>
                  <Select
                    aria-label={`${t('enrol.field')}: ${name}`}
                    placeholder="–"
                    disabled={disabled}
                    value={chosen[index] ?? null}
                    data={[
                      ...fields.map((field) => ({ value: field as string, label: t(`enrol.field.${field}`) })),
                      { value: variable, label: t('enrol.field.variable', { name }) },
                      { value: '-', label: t('enrol.field.ignore') },
                    ]}
                    onChange={(field) => field && choose(index, field)}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
