import Handlebars from 'handlebars';

/** Values a template may show: every text in them is escaped for Markdown already. */
export type TemplateData = { readonly [name: string]: TemplateValue };
type TemplateValue = string | number | boolean | readonly TemplateData[] | readonly string[];

/**
 * Compiles one of our own templates: a name it uses and the data lacks is an error, and it has no helpers but `if`, `unless`
 * and `each`. HTML escaping is off because the text is Markdown and its data comes escaped for that.
 */
export function compileTemplate(text: string): (data: TemplateData) => string {
  const engine = Handlebars.create();
  for (const helper of ['log', 'lookup', 'with', 'blockHelperMissing', 'helperMissing'])
    engine.unregisterHelper(helper);
  const template = engine.compile<TemplateData>(text, {
    strict: true,
    noEscape: true,
    preventIndent: true,
    knownHelpersOnly: true,
    knownHelpers: { if: true, unless: true, each: true },
  });
  return (data) => template(data);
}
