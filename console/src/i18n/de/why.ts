import type { why as source } from '../en/why';

export const why: Record<keyof typeof source, string> = {
  'why.time.delay.last': 'Wartet bis {date}. Danach ist die Sequenz abgeschlossen.',
  'why.time.delay.next':
    'Wartet bis {date}. Der nächste Schritt ist eine {channel, select, SMS {SMS} WAIT {weitere Wartezeit} other {E-Mail}}.',
  'why.time.due': 'Die nächste {channel} wird am {date} gesendet.',
  'why.time.at': 'Die nächste {channel} wird am {date} gesendet, der Sendezeit von Schritt {step}.',
  'why.time.start': 'Startet am {date}.',
  'why.time.retry': 'Der letzte Versuch ist fehlgeschlagen: {error}. Der nächste Versuch ist am {date}.',
  'why.time.deferred': 'Der Mailserver bittet um einen späteren Versuch. Die nächste E-Mail wird am {date} gesendet.',
  'why.window.window':
    'Außerhalb der Sendezeiten: Bei {name} ist es {localTime}. Die nächste {channel} wird am {date} gesendet.',
  'why.window.weekend': 'Am Wochenende wird nicht gesendet. Die nächste {channel} wird am {date} gesendet.',
  'why.window.day': 'Heute ist kein Sendetag. Die nächste {channel} wird am {date} gesendet.',
  'why.window.holiday': 'Feiertag ({holiday}). Die nächste {channel} wird am {date} gesendet.',
  'why.window.dst': 'Die Uhr wird umgestellt. Die nächste {channel} wird am {date} gesendet.',
  'why.cap.cap': 'Das Tageskontingent ist aufgebraucht. Die nächste E-Mail wird am {date} gesendet.',
  'why.cap.gap': 'Mindestabstand zwischen E-Mails. Die nächste E-Mail wird am {date} gesendet.',
  'why.cap.recipientCap':
    '{name} hat die meisten E-Mails eines Tages erhalten. Die nächste E-Mail wird am {date} gesendet.',
  'why.cap.ceiling':
    'Das Tageskontingent des Betriebs ist aufgebraucht. Die nächste {channel} wird am {date} gesendet.',
  'why.cap.rendering': 'Das Rendern ist zurzeit begrenzt. Die nächste {channel} wird am {date} gesendet.',
  'why.breaker':
    'Der {channel}-Anbieter antwortet nicht. Der Versand wird automatisch fortgesetzt, ohne Wiederholungen zu verbrauchen.',
  'why.pace': 'Der {channel}-Anbieter ist wieder erreichbar. Der Rückstand wird mit begrenzter Rate gesendet.',
  'why.turn': 'Jetzt fällig, als Nächstes an der Reihe.',
  'why.lease': 'Wird gerade von {node} gesendet.',
  'why.person.failed': 'Schritt {step} ist fehlgeschlagen: {error}.',
  'why.person.inDoubt': 'Der Anbieter hat die {channel} an {name} nicht bestätigt.',
  'why.person.inDoubt.grace': 'Bis {date} wird auf die Bestätigung der {channel} gewartet.',
  'why.person.late': 'Schritt {step} ist verspätet und wartet auf Ihre Freigabe.',
  'why.person.paused': 'Pausiert. Bis zum Fortsetzen wird nichts gesendet.',
  'why.person.sequenceDisabled': 'Die Sequenz ist ausgeschaltet. Schalten Sie sie ein, um fortzufahren.',
  'why.person.ownerBlocked': 'Dieses Konto ist vom Betrieb gesperrt. Es wird nichts gesendet.',
  'why.nothing.completed': '{name} hat am {date} alle Schritte abgeschlossen.',
  'why.nothing.replied': '{name} hat am {date} geantwortet. Es wird nichts mehr gesendet.',
  'why.nothing.unsubscribed': '{name} hat sich am {date} abgemeldet. Es wird nichts mehr gesendet.',
  'why.nothing.bounced': 'Eine E-Mail an {name} war am {date} unzustellbar. Es wird nichts mehr gesendet.',
  'why.nothing.complained': '{name} hat am {date} eine E-Mail als Spam markiert. Es wird nichts mehr gesendet.',
  'why.nothing.goal': 'Ziel am {date} erreicht. Es wird nichts mehr gesendet.',
  'why.nothing.manual': 'Am {date} beendet. Es wird nichts mehr gesendet.',
  'channel.email': 'E-Mail',
  'channel.sms': 'SMS',
};
