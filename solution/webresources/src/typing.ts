/** Is somebody typing? A form is not dirty before a field is left, yet a refresh would take the text
 * away; so fields are compared with what they showed when nobody was typing. */

type Form = Xrm.FormContext;
type Shown = ReadonlyMap<string, { value: unknown; text: unknown }>;

/** A field that tells what is in it while somebody types. */
interface Field extends Xrm.Controls.Control {
  getValue(): unknown;
  getAttribute(): Xrm.Attributes.Attribute | null;
}

/** A question to ask before a refresh: true while the form holds anything unsaved. */
export function unsaved(form: Form): () => boolean {
  let before = shown(form);
  return () => {
    const now = shown(form);
    const typing = [...now].some(([name, { value, text }]) => {
      const then = before.get(name);
      return then !== undefined && then.value === value && then.text !== text;
    });
    if (!typing) before = now;
    return typing || form.data.entity.getIsDirty();
  };
}

/** Of every field that tells what is being typed: the stored value and the text in it. */
function shown(form: Form): Shown {
  const fields = form.ui.controls.get().filter(isField);
  return new Map(
    fields.map((field) => [field.getName(), { value: field.getAttribute()?.getValue(), text: field.getValue() }]),
  );
}

function isField(control: Xrm.Controls.Control): control is Field {
  return "getValue" in control && "getAttribute" in control;
}
