import { Notifications } from '@mantine/notifications';

/** Where toasts appear. Not part of the first page, which has none to show. */
export default function ToastArea() {
  return <Notifications position="bottom-left" limit={3} autoClose={8000} containerWidth={440} />;
}
