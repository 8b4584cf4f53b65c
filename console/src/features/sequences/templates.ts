import type { Step } from '../../api/schemas';
import { language } from '../../i18n/messages';

export interface Template {
  name: string;
  description: string;
  steps: Step[];
}

const email = (subject: string, body: string): Step => ({ type: 'EMAIL', subject, body });
const reply = (body: string): Step => ({ type: 'EMAIL', body });
const sms = (message: string): Step => ({ type: 'SMS', message });
const wait = (delayDays: number): Step => ({ type: 'WAIT', delayDays });

const hello = '<p>Hello {{ recipient.firstName | default: "there" }},</p>';
const end = '<p><a href="{{ unsubscribeUrl }}">Unsubscribe</a></p>';
const hallo = '<p>Guten Tag {{ recipient.name | default: "" }},</p>';
const ende = '<p><a href="{{ unsubscribeUrl }}">Abmelden</a></p>';

const english: Template[] = [
  {
    name: 'Offer follow-up',
    description: 'An offer, two reminders and an SMS',
    steps: [
      email('Your offer', `${hello}<p>Here is the offer we talked about. Do you have any questions?</p>${end}`),
      wait(3),
      reply(`${hello}<p>Have you had time to look at the offer?</p>${end}`),
      wait(2),
      sms('Hello {{ recipient.firstName | default: "there" }}, did my offer reach you?'),
      wait(5),
      reply(`${hello}<p>Are you still interested? A short reply is enough.</p>${end}`),
    ],
  },
  {
    name: 'After a meeting',
    description: 'A thank-you, the documents and a question',
    steps: [
      email('Thank you for your time', `${hello}<p>Thank you for the good conversation.</p>${end}`),
      wait(2),
      reply(`${hello}<p>Here are the documents I promised.</p>${end}`),
      wait(6),
      reply(`${hello}<p>How would you like to proceed?</p>${end}`),
    ],
  },
  {
    name: 'Stay in touch',
    description: 'Three emails over three months',
    steps: [
      email('How is it going?', `${hello}<p>Some time has passed since we last spoke. How are things?</p>${end}`),
      wait(30),
      email('A short update', `${hello}<p>Here is what is new on our side.</p>${end}`),
      wait(60),
      email('Shall we talk?', `${hello}<p>If the time is right, I am happy to call you.</p>${end}`),
    ],
  },
];

const german: Template[] = [
  {
    name: 'Angebot nachfassen',
    description: 'Ein Angebot, zwei Erinnerungen und eine SMS',
    steps: [
      email('Ihr Angebot', `${hallo}<p>hier ist das besprochene Angebot. Haben Sie Fragen dazu?</p>${ende}`),
      wait(3),
      reply(`${hallo}<p>konnten Sie das Angebot schon ansehen?</p>${ende}`),
      wait(2),
      sms('Guten Tag {{ recipient.name | default: "" }}, hat Sie mein Angebot erreicht?'),
      wait(5),
      reply(`${hallo}<p>besteht noch Interesse? Eine kurze Antwort genügt.</p>${ende}`),
    ],
  },
  {
    name: 'Nach einem Gespräch',
    description: 'Dank, Unterlagen und eine Frage',
    steps: [
      email('Vielen Dank für Ihre Zeit', `${hallo}<p>vielen Dank für das gute Gespräch.</p>${ende}`),
      wait(2),
      reply(`${hallo}<p>hier sind die versprochenen Unterlagen.</p>${ende}`),
      wait(6),
      reply(`${hallo}<p>wie möchten Sie weiter vorgehen?</p>${ende}`),
    ],
  },
  {
    name: 'In Kontakt bleiben',
    description: 'Drei E-Mails in drei Monaten',
    steps: [
      email('Wie geht es Ihnen?', `${hallo}<p>seit unserem letzten Gespräch ist etwas Zeit vergangen.</p>${ende}`),
      wait(30),
      email('Neues von uns', `${hallo}<p>das gibt es Neues bei uns.</p>${ende}`),
      wait(60),
      email('Wollen wir sprechen?', `${hallo}<p>wenn es jetzt passt, rufe ich Sie gern an.</p>${ende}`),
    ],
  },
];

/** The sequences to start from, in the user's language. */
export const templates = (): Template[] => (language === 'de' ? german : english);
