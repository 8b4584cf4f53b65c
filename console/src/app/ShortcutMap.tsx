import { Modal } from '@mantine/core';
import { t } from '../i18n/messages';
import { commandKey, Keys } from '../ui/Keys';
import { usePages } from './pages';

export default function ShortcutMap({ close }: { close: () => void }) {
  const rows: [string, string[]][] = [
    [t('keys.palette'), [`${commandKey}K`]],
    [t('keys.filter'), ['/']],
    ...usePages().map(({ label, key }): [string, string[]] => [t('keys.goto', { page: t(label) }), ['g', key]]),
    [t('keys.zone'), ['t']],
    [t('keys.next'), ['j']],
    [t('keys.previous'), ['k']],
    [t('keys.open'), ['↵']],
    [t('keys.select'), ['x']],
    [t('keys.close'), ['Esc']],
    [t('keys.this'), ['?']],
  ];
  return (
    <Modal opened onClose={close} title={t('keys.title')} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <dl className="kv keys">
        {rows.map(([label, keys]) => (
          <div key={label} className="pair">
            <dt>{label}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
