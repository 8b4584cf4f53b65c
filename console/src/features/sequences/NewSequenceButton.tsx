import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { useCanWrite } from '../accounts/me';

export function NewSequenceButton() {
  return useCanWrite() ? (
    <Button component={Link} to="/sequences/new" className="primary" leftSection={<Icon of={IconPlus} />}>
      {t('sequences.new')}
    </Button>
  ) : null;
}
