import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { useCanWrite } from '../accounts/me';

export function EnrolButton({ sequence }: { sequence?: string }) {
  return useCanWrite() ? (
    <Button
      renderRoot={(props) => <Link to="/enrol" search={{ sequence }} {...props} />}
      className="primary"
      leftSection={<Icon of={IconPlus} />}
    >
      {t('people.enrol')}
    </Button>
  ) : null;
}
