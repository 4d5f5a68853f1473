/** The only source of time. Epoch milliseconds. */
export interface Clock {
  now(): number;
}
