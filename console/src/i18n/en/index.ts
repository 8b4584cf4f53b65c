import { developers } from './developers';
import { editor } from './editor';
import { enrol } from './enrol';
import { errors } from './errors';
import { events } from './events';
import { home } from './home';
import { people } from './people';
import { person } from './person';
import { plan } from './plan';
import { sequences } from './sequences';
import { settings } from './settings';
import { shell } from './shell';
import { status } from './status';
import { system } from './system';
import { why } from './why';

export const en = {
  ...developers,
  ...editor,
  ...enrol,
  ...errors,
  ...events,
  ...home,
  ...people,
  ...person,
  ...plan,
  ...sequences,
  ...settings,
  ...shell,
  ...status,
  ...system,
  ...why,
};
