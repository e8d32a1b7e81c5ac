/** The user's language as Dataverse knows it: Persian for LCID 1065, English for everybody else. */

export type Language = "en" | "fa";

/** The same words in both languages, as rule files carry them. */
export interface Title {
  readonly en?: string | null;
  readonly fa?: string | null;
}

const PERSIAN = 1065;

export function language(): Language {
  return Xrm.Utility.getGlobalContext().userSettings.languageId === PERSIAN ? "fa" : "en";
}

/** A title in the user's language, else in the other one, else something that is always there. */
export function titled(title: Title | null | undefined, otherwise: string): string {
  const [own, other] = language() === "fa" ? [title?.fa, title?.en] : [title?.en, title?.fa];
  return own ?? other ?? otherwise;
}
