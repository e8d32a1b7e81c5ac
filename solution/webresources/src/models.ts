/** What the scored columns of a table are called: deploy writes it as a web resource of its own.
 *
 * A form loads that library. A modern command loads one library alone, so there it is fetched; where
 * neither works, the button still recomputes and only says less. */

import type { Title } from "./language";

export interface Columns {
  readonly score?: string;
  readonly grade?: string;
  readonly trend?: string;
  readonly reasons?: string;
  readonly status?: string;
  readonly scored_on?: string;
}

export interface Band {
  readonly grade: string;
  readonly value?: number | null;
  readonly title?: Title | null;
}

export interface Model {
  readonly id: string;
  readonly title?: Title | null;
  readonly columns: Columns;
  readonly bands?: readonly Band[];
  /** Reason codes in words, where the rules name them. */
  readonly reasons?: Readonly<Record<string, Title>>;
}

type Models = Readonly<Record<string, readonly Model[]>>;

declare global {
  var GradeSysModels: Models | undefined;
}

const LIBRARY = "gs_/js/models.js";

export async function modelsOf(table: string): Promise<readonly Model[]> {
  const models = globalThis.GradeSysModels ?? (await fetched().catch(() => undefined));
  return models?.[table] ?? [];
}

async function fetched(): Promise<Models> {
  const answer = await fetch(Xrm.Utility.getGlobalContext().getWebResourceUrl(LIBRARY));
  const text = await answer.text();
  return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as Models;
}
