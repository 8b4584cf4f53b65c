import { Button, Modal } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import type { ApiKey } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';

/** A new key, which the API shows only once. The dialog stays until the user says that it is stored. */
export function CreatedKey({ created, close }: { created: ApiKey; close: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(created.key ?? '').then(() => setCopied(true));
  return (
    <Modal
      opened
      onClose={close}
      title={t('keys.created.title')}
      size={560}
      padding={0}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      classNames={{ content: 'dialog', header: 'dialog-head', title: 'dialog-title', body: 'dialog-body' }}
    >
      <div className="body">
        <p className="q">{t('keys.created.text')}</p>
        <div className="code secret">{created.key}</div>
      </div>
      <footer>
        <div className="end">
          <Button leftSection={<Icon of={IconCopy} />} onClick={copy}>
            {t(copied ? 'common.copied' : 'common.copy')}
          </Button>
          <Button className="primary" onClick={close}>
            {t('keys.stored')}
          </Button>
        </div>
      </footer>
    </Modal>
  );
}
