// Vite takes style sheets for modules; to TypeScript they are nothing.
declare module '*.css';
