import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { answer, api } from '../../api/client';
import { ApiError, sentence } from '../../api/problem';
import type { Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { ErrorNote } from '../../ui/ErrorNote';
import { told } from '../../ui/toasts';
import { sequenceQuery } from '../sequences/sequences';
import { EnrolPreview } from './EnrolPreview';
import { type Enrolment, enrolKey, enrolment, ownVariables } from './enrolment';

const recipientFields = ['email', 'firstName', 'lastName', 'phone', 'timeZone'] as const;

// These codes concern the address, so they are shown at its field.
const ofAddress = new Set(['alreadyEnrolled', 'suppressed']);

/** One person: a form made from the sequence's variables, and what they will get. */
export function EnrolOne({ sequence }: { sequence: Sequence }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [form, setForm] = useState<Enrolment>({});
  const params = { path: { id: sequence.id } };
  const enrol = useMutation({
    mutationKey: enrolKey,
    mutationFn: () => answer(api.POST('/api/sequences/{id}/instances', { params, body: enrolment(form) })),
    onSuccess: ({ id, recipient }) => {
      setForm({});
      told(t('enrol.done', { name: recipient.name ?? recipient.email }), {
        label: t('common.view'),
        run: () => navigate({ to: '/instances/$id', params: { id } }),
      });
      return queries.invalidateQueries({ queryKey: ['people'] });
    },
  });
  const refused = enrol.error instanceof ApiError ? enrol.error : null;
  const detail = useQuery(sequenceQuery(sequence.id));
  const variables = ownVariables(detail.data?.value.variables);
  const set = (name: string) => (event: { target: { value: string } }) => {
    enrol.reset();
    setForm({ ...form, [name]: event.target.value });
  };
  const field = (name: string, path: string) => ({
    value: form[name] ?? '',
    onChange: set(name),
    error: refused?.fields[path]?.[0],
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enrol.mutate();
  };
  const atAddress = refused !== null && ofAddress.has(refused.code ?? '');
  const existing = refused?.code === 'alreadyEnrolled' ? refused.problem?.id : undefined;

  return (
    <div className="ee">
      <form className="stack enrol-form" onSubmit={submit}>
        {recipientFields.map((name) => (
          <div key={name}>
            <TextInput
              label={t(`enrol.${name}`)}
              description={name === 'phone' ? t('enrol.phone.hint') : undefined}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              type={name === 'email' ? 'email' : 'text'}
              autoComplete="off"
              {...field(name, `recipient.${name}`)}
              {...(name === 'email' && atAddress && { error: sentence(refused) })}
            />
            {name === 'email' && existing && (
              <Link className="a" to="/instances/$id" params={{ id: existing }}>
                {t('enrol.existing')}
              </Link>
            )}
          </div>
        ))}
        {variables.map(({ path, required }) => (
          <TextInput
            key={path}
            label={path}
            description={t(required ? 'enrol.variable.required' : 'enrol.variable.optional')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            {...field(`variables.${path}`, `variables.${path}`)}
          />
        ))}
        <TextInput
          label={t('enrol.startAt')}
          description={t('enrol.startAt.hint')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          type="datetime-local"
          {...field('startAt', 'startAt')}
        />
        {refused && !atAddress && Object.keys(refused.fields).length === 0 && (
          <ErrorNote error={refused} title={sentence(refused)} />
        )}
        <div>
          <Button type="submit" className="primary" loading={enrol.isPending} disabled={!form.email || atAddress}>
            {t('enrol.submit')}
          </Button>
        </div>
      </form>
      <EnrolPreview sequence={sequence} form={form} />
    </div>
  );
}
