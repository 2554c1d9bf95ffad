import * as assert from 'uvu/assert';

import type { LiveViewer } from '../../../server/guest/live-watch.ts';
import type {
  LivePerson,
  LiveRoomState,
  LiveServerMessage,
} from '../../../server/panel/api/live-api.ts';

/** What a page knows of a room from its feed alone. It fails on a gap in the numbers. */
export class LivePage {
  viewer: LiveViewer | null = null;
  you = '';
  people: readonly LivePerson[] = [];
  room: LiveRoomState | null = null;
  /** Of clicks: `done 5`, `moderator-only 5`. */
  readonly answers: string[] = [];
  ended: string | null = null;
  messages = 0;
  #seq: number | null = null;

  take(message: LiveServerMessage): void {
    if (this.ended !== null) assert.unreachable('nothing comes after the end');
    this.messages += 1;
    switch (message.type) {
      case 'snapshot':
        this.#seq = message.seq;
        this.you = message.you;
        this.people = message.people;
        this.room = message.room;
        return;
      case 'person':
        this.#count(message.seq);
        return this.#person(message.person);
      case 'left': {
        this.#count(message.seq);
        const { personId } = message;
        assert.ok(this.people.some((person) => person.personId === personId));
        this.people = this.people.filter((person) => person.personId !== personId);
        return;
      }
      case 'room':
        this.#count(message.seq);
        this.room = message.room;
        return;
      case 'levels':
        for (const level of message.levels) {
          const person = this.people.find(({ personId }) => personId === level.personId);
          assert.ok(person, 'a level of somebody who is there');
          this.#person({ ...person, ...level });
        }
        return;
      case 'done':
        this.answers.push(`done ${message.requestId}`);
        return;
      case 'refused':
        this.answers.push(`${message.why} ${message.requestId}`);
        return;
      case 'pong':
        this.answers.push('pong');
        return;
      case 'end':
        this.ended = message.why;
    }
  }

  /** Names in the order of the room, with what is out of the ordinary about each. */
  get looks(): readonly string[] {
    return this.people.map(({ name, microphone, mutedBy, hand, presence }) =>
      [
        name,
        ...(microphone === 'muted' ? [`muted by ${mutedBy ?? 'nobody'}`] : []),
        ...(hand === 'raised' ? ['hand'] : []),
        ...(presence === 'away' ? ['away'] : []),
      ].join(', '),
    );
  }

  #count(seq: number): void {
    assert.is(seq, (this.#seq ?? Number.NaN) + 1, 'no number is left out');
    this.#seq = seq;
  }

  #person(changed: LivePerson): void {
    const isKnown = this.people.some(({ personId }) => personId === changed.personId);
    this.people = isKnown
      ? this.people.map((person) => (person.personId === changed.personId ? changed : person))
      : [...this.people, changed];
  }
}
