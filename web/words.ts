/** One thing to say, in both languages: a sentence, or what makes one of its arguments. */
export interface Words<T> {
  readonly pl: T;
  readonly en: T;
}
