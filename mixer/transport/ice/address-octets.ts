/** Room for the octets of any address. */
export const ADDRESS_BYTES = 16;

/**
 * Writes the octets of a literal address in network order into `out`, which has room for 16, and says which family it
 * is; a zone (`%eth0`) is left out. Null for text that is no address.
 */
export function readAddress(text: string, out: Uint8Array): 4 | 6 | null {
  if (!text.includes(':')) return readDotted(text, out, 0) ? 4 : null;
  const zone = text.indexOf('%');
  return readColons(zone < 0 ? text : text.slice(0, zone), out) ? 6 : null;
}

function readDotted(text: string, out: Uint8Array, at: number): boolean {
  const parts = text.split('.');
  if (parts.length !== 4) return false;
  for (const [each, part] of parts.entries()) {
    const octet = Number(part);
    if (!/^\d{1,3}$/.test(part) || octet > 255) return false;
    out[at + each] = octet;
  }
  return true;
}

/** RFC 4291 §2.2: groups of 16 bits, one run of zeros left out as `::`, the last 32 bits dotted perhaps. */
function readColons(text: string, out: Uint8Array): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  out.fill(0, 0, ADDRESS_BYTES);
  const front = groupsOf(halves[0] ?? '');
  const back = halves.length === 2 ? groupsOf(halves[1] ?? '') : [];
  if (front === null || back === null) return false;
  const groups = front.length + back.length;
  if (halves.length === 1 ? groups !== 8 : groups > 7) return false;
  putGroups(front, out, 0);
  putGroups(back, out, ADDRESS_BYTES - 2 * back.length);
  return true;
}

function groupsOf(text: string): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const octets = new Uint8Array(4);
      if (!readDotted(part, octets, 0)) return null;
      groups.push(((octets[0] ?? 0) << 8) | (octets[1] ?? 0));
      groups.push(((octets[2] ?? 0) << 8) | (octets[3] ?? 0));
    } else {
      if (!/^[\da-f]{1,4}$/i.test(part)) return null;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function putGroups(groups: readonly number[], out: Uint8Array, at: number): void {
  for (const [each, group] of groups.entries()) {
    out[at + 2 * each] = group >>> 8;
    out[at + 2 * each + 1] = group;
  }
}
