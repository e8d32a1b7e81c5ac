/** A record's form: which record it is, and how its fields are renewed without losing a keystroke. */

type Form = Xrm.FormContext;

/** An id as the Web API writes it. */
export function plainId(id: string): string {
  return id.replace(/[{}]/g, "").toLowerCase();
}

export function recordOf(form: Form): { table: string; id: string } {
  const { entity } = form.data;
  return { table: entity.getEntityName(), id: plainId(entity.getId() ?? "") };
}

/** Save what is unsaved; whether the record is now as its form shows it. Dataverse itself says what
 * keeps it from being saved. */
export async function save(form: Form): Promise<boolean> {
  if (recordOf(form).id && !form.data.entity.getIsDirty()) return true;
  try {
    await form.data.save();
  } catch {
    return false;
  }
  return recordOf(form).id !== "" && !form.data.entity.getIsDirty();
}

/** Whether the form shows one of these columns. */
export function shows(form: Form, columns: readonly string[]): boolean {
  return columns.some((name) => Boolean(form.getAttribute(name)));
}
