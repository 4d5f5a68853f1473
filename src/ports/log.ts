/** Structured log: a sentence, and facts beside it. Never a body, a token or a secret. */
export interface Log {
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}
