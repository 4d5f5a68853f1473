/**
 * A text with placeholders, such as `apps/{application}/{environment}[/{target}]`. The part in square brackets is used
 * only for environments that name their targets.
 */
export interface PathPattern {
  readonly text: string;
  readonly parts: readonly PatternPart[];
}

export type Placeholder = 'application' | 'environment' | 'target';

export type PatternPart =
  | { readonly kind: 'literal'; readonly text: string; readonly whenTargets: boolean }
  | { readonly kind: 'placeholder'; readonly name: Placeholder; readonly whenTargets: boolean };
