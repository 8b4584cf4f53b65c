import { ActionIcon, Menu } from '@mantine/core';
import { IconCopy, IconDots, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import type { Instance } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { DateTime } from '../../ui/DateTime';
import { Dialog } from '../../ui/Dialog';
import { Icon } from '../../ui/Icon';
import { told } from '../../ui/toasts';

/** The recipient's fields and variables, as they were at the enrolment. */
export function PersonDetails({ instance }: { instance: Instance }) {
  const [raw, setRaw] = useState(false);
  const { recipient, variables, offerId, enrolledAt } = instance;
  const copy = (text: string) => navigator.clipboard.writeText(text).then(() => told(t('common.copied')));
  const curl = `curl -H "X-Api-Key: $FOLLOWUP_KEY" ${location.origin}/api/instances/${instance.id}`;
  return (
    <section className="panel">
      <header>
        <h2>{t('person.details')}</h2>
        <div className="end">
          <Menu position="bottom-end" shadow="md">
            <Menu.Target>
              <ActionIcon variant="transparent" aria-label={t('person.more')} title={t('person.more')}>
                <Icon of={IconDots} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Icon of={IconTerminal2} />} onClick={() => copy(curl)}>
                {t('person.curl')}
              </Menu.Item>
              <Menu.Item leftSection={<Icon of={IconCopy} />} onClick={() => setRaw(true)}>
                {t('person.raw')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      </header>
      <dl className="kv in-pad">
        {recipient.timeZone && <Pair name={t('person.zone')} value={recipient.timeZone} />}
        {recipient.phone && <Pair name={t('person.phone')} value={recipient.phone} />}
        {flat(variables).map(([name, value]) => (
          <Pair key={name} name={name} value={value} />
        ))}
        {offerId && <Pair name={t('person.offer')} value={offerId} />}
        <dt>{t('person.enrolled')}</dt>
        <dd>
          <DateTime at={enrolledAt} recipientZone={recipient.timeZone} />
        </dd>
      </dl>
      <Dialog opened={raw} close={() => setRaw(false)} title={t('person.raw')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard. */}
        <pre className="code" tabIndex={0}>
          {JSON.stringify(instance, null, 2)}
        </pre>
      </Dialog>
    </section>
  );
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="clip" title={value}>
        {value}
      </dd>
    </>
  );
}

/** Nested variables by their path, such as `offer.address`. */
function flat(value: object, path = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] => {
    const name = path ? `${path}.${key}` : key;
    return inner !== null && typeof inner === 'object' ? flat(inner, name) : [[name, String(inner)]];
  });
}
