import type { LiveEnd } from '../../server/panel/api/live-api.ts';
import type { RoomEnd } from './reconnect.ts';
import { refusalWords, type PlainWords } from './refusal-words.ts';

const SERVER: Readonly<Record<LiveEnd, PlainWords>> = {
  left: {
    title: { pl: 'Konferencja opuszczona', en: 'You have left the conference' },
    text: { pl: 'Możesz wrócić, dopóki trwa.', en: 'You can come back while it lasts.' },
    retry: 'yes',
  },
  removed: {
    title: { pl: 'Usunięto Cię z konferencji', en: 'You were removed from the conference' },
    text: {
      pl: 'Zrobił to prowadzący. Jeśli to pomyłka, skontaktuj się z organizatorem.',
      en: 'A moderator did it. If it was a mistake, talk to the organiser.',
    },
    retry: 'no',
  },
  'ended-by-moderator': {
    title: { pl: 'Prowadzący zakończył konferencję', en: 'The moderator has ended the conference' },
    text: { pl: 'Dziękujemy za udział.', en: 'Thank you for taking part.' },
    retry: 'no',
  },
  'reservation-ended': {
    title: { pl: 'Czas konferencji minął', en: 'The time of the conference is over' },
    text: {
      pl: 'Rezerwacja się skończyła, więc pokój został zamknięty.',
      en: 'The reservation has ended, and the room was closed.',
    },
    retry: 'no',
  },
  'reservation-deleted': {
    title: { pl: 'Konferencja została odwołana', en: 'The conference was cancelled' },
    text: {
      pl: 'Organizator usunął rezerwację.',
      en: 'The organiser has deleted the reservation.',
    },
    retry: 'no',
  },
  'host-left': {
    title: { pl: 'Prowadzący wyszedł', en: 'The moderator has left' },
    text: {
      pl: 'Konferencja zakończyła się razem z jego wyjściem.',
      en: 'The conference ended with that.',
    },
    retry: 'yes',
  },
  'seat-expired': {
    title: { pl: 'Nie ma już Twojego miejsca', en: 'Your place is gone' },
    text: {
      pl: 'Przerwa trwała za długo. Wejdź jeszcze raz.',
      en: 'The break was too long. Enter again.',
    },
    retry: 'yes',
  },
  'taken-over': {
    title: { pl: 'Rozmawiasz w innej karcie', en: 'You are talking in another tab' },
    text: {
      pl: 'To samo miejsce przejęła inna karta lub urządzenie. Tutaj rozmowa jest zakończona.',
      en: 'The same place was taken over by another tab or device. The call here has ended.',
    },
    retry: 'yes',
  },
  'server-stopping': {
    title: { pl: 'Serwer został zatrzymany', en: 'The server was stopped' },
    text: { pl: 'Spróbuj ponownie za minutę.', en: 'Try again in a minute.' },
    retry: 'yes',
  },
  'room-fault': {
    title: { pl: 'Pokój przestał działać', en: 'The room has failed' },
    text: {
      pl: 'To błąd po naszej stronie. Wejdź jeszcze raz.',
      en: 'This is a fault on our side. Enter again.',
    },
    retry: 'yes',
  },
};

const LOST: PlainWords = {
  title: { pl: 'Połączenie zostało utracone', en: 'The connection was lost' },
  text: {
    pl: 'Nie udało się go odzyskać. Sprawdź internet i wejdź jeszcze raz albo zadzwoń telefonem.',
    en: 'It could not be restored. Check your network and enter again, or call by telephone.',
  },
  retry: 'yes',
};

const NO_MEDIA: PlainWords = {
  title: {
    pl: 'Dźwięk nie może przejść przez Twoją sieć',
    en: 'Your network does not let the sound through',
  },
  text: {
    pl: 'Serwer odpowiada, ale dźwięk nie dociera: zwykle blokuje go zapora firmowa lub VPN. Spróbuj w innej sieci (np. z telefonu), wyłącz VPN albo zadzwoń telefonem.',
    en: 'The server answers, but no sound arrives: mostly a company firewall or a VPN blocks it. Try another network (such as a mobile one), turn the VPN off, or call by telephone.',
  },
  retry: 'yes',
};

const NO_SOCKET: PlainWords = {
  title: { pl: 'Nie udało się połączyć z serwerem', en: 'The server could not be reached' },
  text: {
    pl: 'Połączenia WebSocket nie przechodzą: może je blokować zapora, pośrednik (proxy) lub dodatek przeglądarki. Spróbuj w innej sieci albo zadzwoń telefonem.',
    en: 'WebSocket connections do not get through: a firewall, a proxy or an add-on of the browser may block them. Try another network, or call by telephone.',
  },
  retry: 'yes',
};

const NOT_TAKEN: PlainWords = {
  title: { pl: 'Serwer nie przyjął połączenia', en: 'The server did not take the call' },
  text: {
    pl: 'Wejdź jeszcze raz za chwilę albo zadzwoń telefonem.',
    en: 'Enter again in a moment, or call by telephone.',
  },
  retry: 'yes',
};

const NETWORK = { socket: NO_SOCKET, media: NO_MEDIA, call: NOT_TAKEN } as const;

/** What the page says when it is no longer in the room. */
export function endWords(end: RoomEnd): PlainWords {
  switch (end.by) {
    case 'server':
      return SERVER[end.why];
    case 'refusal':
      return refusalWords(end.code);
    case 'network':
      return end.everUp === 'yes' ? LOST : NETWORK[end.fault];
  }
}
