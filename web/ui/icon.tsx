import type { JSX } from 'preact';

/** Drawings on a grid of 24, drawn in the colour of the text. */
const PATHS = {
  conferences:
    'M4 6.500A2.500 2.500 0 0 1 6.500 4h11A2.500 2.500 0 0 1 20 6.500v11a2.500 2.500 0 0 1-2.500 2.500h-11A2.500 2.500 0 0 1 4 17.500zM4 9.500h16M8.500 2.500v3M15.500 2.500v3',
  history: 'M12 7.500V12l3 2M4.500 12a7.500 7.500 0 1 0 2.300-5.400M6 3.500v3.700h3.700',
  contacts:
    'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 19.500c.6-3 3-5 6-5s5.400 2 6 5M15.500 5a3.200 3.200 0 0 1 0 6.200M17.500 14.900c1.800.7 3 2.300 3.500 4.600',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c.8-3.500 3.600-5.500 7-5.500s6.200 2 7 5.500',
  help: 'M12 20.500a8.500 8.500 0 1 0 0-17 8.500 8.500 0 0 0 0 17zM9.700 9.500c.2-1.300 1.100-2 2.400-2 1.400 0 2.400.8 2.400 2.100 0 1.900-2.500 2-2.500 3.900M12 16.500v.01',
  administration: 'M4 7h9M17 7h3M4 12h3M11 12h9M4 17h10M18 17h2M15 5v4M9 10v4M16 15v4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h9.500v10.500H9zM15 9V4.500H5.500V15H9',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  warning: 'M12 4l9 16H3zM12 10v4.500M12 17.200v.01',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400',
  moon: 'M19.500 14.200A8 8 0 0 1 9.800 4.500a8 8 0 1 0 9.700 9.700z',
  screen: 'M4 5h16v11H4zM9 20h6M12 16v4',
  plus: 'M12 5v14M5 12h14',
  phone:
    'M6 3.500h3l1.500 4.500-2 1.500a11 11 0 0 0 6 6l1.500-2 4.500 1.500v3a2 2 0 0 1-2.200 2A16.500 16.500 0 0 1 4 5.700 2 2 0 0 1 6 3.500z',
  mail: 'M3.500 6h17v12h-17zM4 6.500l8 6.500 8-6.500',
  print: 'M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z',
  logout: 'M14 4.500H5.500v15H14M10 12h10.500M17 8.500l3.500 3.500-3.500 3.500',
  download: 'M12 4v11M7.500 11l4.500 4.500 4.500-4.500M4.500 19.500h15',
  trash:
    'M4.500 7h15M9.500 7V4.500h5V7M6.500 7l1 12.500h9l1-12.500M10 10.500v5.500M14 10.500v5.500',
  pencil: 'M4.500 19.500l1-4L16 5l3 3L8.500 18.500zM14 7l3 3',
} as const;

/** Name of a drawing. */
export type IconName = keyof typeof PATHS;

/** A drawing that says nothing to screen readers: words stand beside it or in the label of its button. */
export function Icon({ name }: { readonly name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
