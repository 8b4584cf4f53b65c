import { Checkbox, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ApiError } from '../../api/problem';
import type { ApiKey } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { keysQuery } from './keys';

export function NewKeyDialog({ close, created }: { close: () => void; created: (key: ApiKey) => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<ApiKey['kind']>('live');
  const [readOnly, setReadOnly] = useState(false);
  const create = useMutation({
    mutationFn: () => answer(api.POST('/api/keys', { body: { name: name.trim(), kind, readOnly } })),
    onSuccess: async (key) => {
      await queries.invalidateQueries(keysQuery);
      created(key);
    },
  });
  const fields = create.error instanceof ApiError ? create.error.fields : {};
  return (
    <Dialog
      opened
      close={close}
      typed={name !== ''}
      title={t('keys.new.title')}
      submit={{ label: t('keys.create'), run: () => create.mutate(), busy: create.isPending, disabled: !name.trim() }}
    >
      {create.error && Object.keys(fields).length === 0 && (
        <ErrorNote error={create.error} title={t('error.unknown')} />
      )}
      <TextInput
        data-autofocus
        label={t('keys.name')}
        description={t('keys.name.hint')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={fields.name?.[0]}
      />
      <Select
        label={t('keys.kind')}
        value={kind}
        allowDeselect={false}
        data={(['live', 'sandbox'] as const).map((value) => ({ value, label: t(`env.${value}`) }))}
        onChange={(value) => value && setKind(value as ApiKey['kind'])}
      />
      <Checkbox label={t('keys.readOnly')} checked={readOnly} onChange={(event) => setReadOnly(event.target.checked)} />
    </Dialog>
  );
}
