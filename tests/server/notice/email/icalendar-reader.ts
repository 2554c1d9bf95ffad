/** A property: its name, its parameters, its value with TEXT escapes undone. */
export interface CalendarProperty {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A component and what is in it. */
export interface CalendarComponent {
  readonly name: string;
  readonly properties: CalendarProperty[];
  readonly components: CalendarComponent[];
}

/**
 * Reads an iCalendar object as RFC 5545 §3.1 has it. Throws for a line that does not end in CRLF or is longer than 75
 * octets, for control characters, and for components that are not closed in order.
 */
export function readCalendar(text: string): CalendarComponent {
  const root: CalendarComponent = { name: 'root', properties: [], components: [] };
  const open = [root];
  for (const line of unfolded(text)) {
    const property = readProperty(line);
    const current = open.at(-1) ?? root;
    if (property.name === 'BEGIN') {
      const component = { name: property.value, properties: [], components: [] };
      current.components.push(component);
      open.push(component);
    } else if (property.name === 'END') {
      if (current.name !== property.value)
        throw new Error(`END:${property.value} in ${current.name}`);
      open.pop();
    } else {
      current.properties.push(property);
    }
  }
  const [calendar, ...others] = root.components;
  if (open.length !== 1 || calendar === undefined || others.length > 0)
    throw new Error('not one whole VCALENDAR');
  return calendar;
}

/** The only component of this name. */
export function only(parent: CalendarComponent, name: string): CalendarComponent {
  const found = parent.components.filter((component) => component.name === name);
  const [component] = found;
  if (component === undefined || found.length !== 1) throw new Error(`${found.length} ${name}`);
  return component;
}

/** The only property of this name; null when there is none. */
export function property(component: CalendarComponent, name: string): CalendarProperty | null {
  const found = component.properties.filter((one) => one.name === name);
  if (found.length > 1) throw new Error(`${found.length} ${name}`);
  return found[0] ?? null;
}

function unfolded(text: string): readonly string[] {
  if (!text.endsWith('\r\n')) throw new Error('the last line does not end');
  const lines = text.slice(0, -2).split('\r\n');
  for (const line of lines) {
    if (Buffer.byteLength(line) > 75) throw new Error(`longer than 75 octets: ${line}`);
    // eslint-disable-next-line no-control-regex -- They are what must not be there.
    if (/[\u0000-\u0008\u000a-\u001f\u007f]/u.test(line)) throw new Error('a control character');
  }
  return lines.join('\r\n').replaceAll('\r\n ', '').split('\r\n');
}

function readProperty(line: string): CalendarProperty {
  const match = /^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$/u.exec(line);
  if (match === null) throw new Error(`not a content line: ${line}`);
  const [, name = '', parameterText = '', value = ''] = match;
  const parameters = Object.fromEntries(
    [...parameterText.matchAll(/;([A-Z-]+)=(?:"([^"]*)"|([^";:,]*))/gu)].map(
      ([, key = '', quoted, plain]) => [key, quoted ?? plain ?? ''],
    ),
  );
  return { name, parameters, value: unescaped(value) };
}

function unescaped(value: string): string {
  return value.replace(/\\([\\;,nN])/gu, (_, character: string) =>
    character.toLowerCase() === 'n' ? '\n' : character,
  );
}
