import type { sequences as source } from '../en/sequences';

export const sequences: Record<keyof typeof source, string> = {
  'sequences.title':
    '{total, plural, one {{on, plural, =0 {Die Sequenz ist aus.} other {Die Sequenz ist an.}}} other {{on} von # Sequenzen {on, plural, one {ist} other {sind}} an.}}',
  'sequences.title.attention':
    '{total, plural, one {{on, plural, =0 {Die Sequenz ist aus.} other {Die Sequenz ist an.}}} other {{on} von # Sequenzen {on, plural, one {ist} other {sind}} an.}} {n, plural, one {# Kontakt hat} other {# Kontakte haben}} Handlungsbedarf.',
  'sequences.empty.title': 'Noch keine Sequenzen.',
  'sequences.empty':
    'Eine Sequenz ist eine Liste aus E-Mails, SMS und Wartezeiten. Jeder aufgenommene Kontakt erhält die Schritte der Reihe nach, jeden genau einmal.',
  'sequences.none': 'Keine Sequenz entspricht „{q}“.',
  'sequences.clear': 'Filter zurücksetzen',
  'sequences.new': 'Neue Sequenz',
  'sequences.search': 'Sequenzen suchen',
  'sequences.all': 'Alle',
  'sequences.on': 'An',
  'sequences.off': 'Aus',
  'sequences.filter': 'Anzeigen',
  'sequences.col.on': 'An',
  'sequences.col.name': 'Sequenz',
  'sequences.col.steps': 'Schritte',
  'sequences.col.active': 'Aktiv',
  'sequences.col.paused': 'Pausiert',
  'sequences.col.failed': 'Fehlgeschlagen',
  'sequences.col.completed': 'Abgeschlossen',
  'sequences.col.edited': 'Geändert',
  'sequences.onHold': 'angehalten',
  'sequences.switch': '{name}: an oder aus',
  'sequences.off.title': '{name} ausschalten',
  'sequences.off.effect':
    '{n, plural, one {# Kontakt wird angehalten} other {# Kontakte werden angehalten}}. Bis zum Einschalten wird nichts gesendet.',
  'sequences.off.confirm': 'Ausschalten',
  'sequences.turnedOff': '{name} ist aus.',
  'sequences.turnedOn': '{name} ist an.',
  'sequences.tab.edit': 'Bearbeiten',
  'sequences.tab.people': 'Kontakte',
  'shape.EMAIL': 'E-Mail',
  'shape.SMS': 'SMS',
  'shape.WAIT': 'Wartezeit',
};
