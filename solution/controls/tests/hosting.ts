// A small host: the platform's context as far as the card asks for it, and texts out of the resx.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as React from "react";
import { renderToStaticMarkup } from "react-dom/server";
import type { IInputs } from "../GradeCard/generated/ManifestTypes";
import written from "./written.json";

export type Context = ComponentFramework.Context<IInputs>;
export type Control = new () => ComponentFramework.ReactControl<IInputs, unknown>;
export type Bound = Partial<Record<keyof IInputs, object>>;

export const WRITTEN = written;
export const ENGLISH = 1033;
export const PERSIAN = 1065;
const TEHRAN = 210;
const ROOT = join(import.meta.dirname, "..");

export function texts(language: number, folder = "GradeCard"): ReadonlyMap<string, string> {
  const resx = readFileSync(join(ROOT, folder, "strings", `GradeCard.${language}.resx`), "utf-8");
  const found = resx.matchAll(/<data name="(\w+)" [^>]*><value>([^<]*)<\/value>/g);
  return new Map([...found].map(([, key, text]) => [key, text]));
}

export function contextOf(parameters: Bound, language = ENGLISH, more: object = {}): Context {
  const known = texts(language);
  const given = {
    parameters,
    userSettings: { isRTL: language === PERSIAN, languageId: language, getTimeZoneOffsetMinutes: () => TEHRAN },
    resources: { getString: (key: string) => known.get(key) ?? `?${key}?` },
    ...more,
  };
  return given as unknown as Context;
}

export function shown(control: Control, context: Context): string {
  const card = new control();
  return renderToStaticMarkup(card.updateView(context) as React.ReactElement);
}

/** The visible text between the tags, without the marks that isolate numbers. */
export function textOf(markup: string): string {
  const plain = markup.replace(/<[^>]*>/g, " ").replace(/[\u2066\u2069]/g, "").replace(/&#x27;/g, "'");
  return plain.replace(/\s+/g, " ").trim();
}

/** The text of the first element of a class. */
export function textIn(markup: string, name: string): string {
  const [, rest] = markup.split(`class="${name}"`);
  if (rest === undefined) return "";
  const depthless = /^[^>]*>(.*)$/s.exec(rest)?.[1] ?? "";
  return textOf(`<x>${balanced(depthless)}`);
}

function balanced(markup: string): string {
  let depth = 1;
  for (const tag of markup.matchAll(/<(\/?)[a-z][^>]*>/g)) {
    depth += tag[1] ? -1 : 1;
    if (depth === 0) return markup.slice(0, tag.index);
  }
  return markup;
}
