import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { Empty } from '../../ui/Empty';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { Keys } from '../../ui/Keys';
import { Page } from '../../ui/Page';
import { NewSequenceButton } from './NewSequenceButton';
import { SequenceTable } from './SequenceTable';
import { sequencesQuery } from './sequences';

type Show = 'all' | 'on' | 'off';

/** Which sequences are on, and which have problems. */
export function SequencesPage() {
  const { q = '', show = 'all' } = useSearch({ from: '/shell/sequences' });
  const navigate = useNavigate({ from: '/sequences' });
  const { data, error, refetch } = useQuery(sequencesQuery);
  const shown = data?.filter((sequence) => matches(sequence, q, show));
  const count = (of: Show) => data?.filter((sequence) => matches(sequence, '', of)).length ?? 0;

  return (
    <Page crumbs={[{ label: t('nav.sequences') }]} actions={<NewSequenceButton />}>
      <div className="answer">
        <div>
          <h1>{data ? title(data) : t('nav.sequences')}</h1>
        </div>
      </div>
      {error && !data && <ErrorNote error={error} retry={refetch} />}
      {!data && !error && <Bones />}
      {data?.length === 0 && <Empty>{t('sequences.empty')}</Empty>}
      {data && data.length > 0 && (
        <div className="fl filters">
          <TextInput
            className="search"
            data-filter
            aria-label={t('sequences.search')}
            placeholder={t('sequences.search')}
            leftSection={<Icon of={IconSearch} />}
            rightSection={<Keys keys={['/']} />}
            value={q}
            onChange={(event) =>
              navigate({
                search: { q: event.target.value || undefined, show: show === 'all' ? undefined : show },
                replace: true,
              })
            }
          />
          <SegmentedControl
            aria-label={t('sequences.filter')}
            value={show}
            data={(['all', 'on', 'off'] as const).map((value) => ({
              value,
              label: `${t(`sequences.${value}`)} ${count(value)}`,
            }))}
            onChange={(value) =>
              navigate({ search: { q: q || undefined, show: value === 'all' ? undefined : (value as 'on' | 'off') } })
            }
          />
        </div>
      )}
      {shown && shown.length > 0 && <SequenceTable sequences={shown} />}
      {data && data.length > 0 && shown?.length === 0 && (
        <Empty action={<Button onClick={() => navigate({ search: {} })}>{t('sequences.clear')}</Button>}>
          {t('sequences.none', { q })}
        </Empty>
      )}
    </Page>
  );
}

function title(sequences: Sequence[]): string {
  if (sequences.length === 0) {
    return t('sequences.empty.title');
  }
  const on = sequences.filter(({ enabled }) => enabled).length;
  const failed = sequences.reduce((sum, { instanceCounts }) => sum + (instanceCounts.FAILED ?? 0), 0);
  const values = { on, total: sequences.length, n: failed };
  return failed > 0 ? t('sequences.title.attention', values) : t('sequences.title', values);
}

function matches({ name, description, enabled }: Sequence, q: string, show: Show): boolean {
  const word = q.trim().toLowerCase();
  return (
    (show === 'all' || enabled === (show === 'on')) &&
    (name.toLowerCase().includes(word) || (description?.toLowerCase().includes(word) ?? false))
  );
}
