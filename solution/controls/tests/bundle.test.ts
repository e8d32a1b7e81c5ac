// The committed bundle, loaded as the platform loads it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as React from "react";
import { expect, test } from "vitest";
import { Control, contextOf, shown, textIn, WRITTEN } from "./hosting";

const BUNDLE = readFileSync(join(import.meta.dirname, "..", "built", "bundle.js"), "utf-8");

/** Runs the bundle with nothing but the globals that the platform has, and gives what it registers. */
function registered(): ReadonlyMap<string, Control> {
  const found = new Map<string, Control>();
  const framework = { registerControl: (name: string, control: Control) => found.set(name, control) };
  const platform = { ComponentFramework: framework };
  new Function("window", "ComponentFramework", "Reactv16", BUNDLE)(platform, framework, React);
  return found;
}

test("the bundle registers one control and needs only React of the platform", () => {
  expect([...registered().keys()]).toEqual(["gradesys.GradeCard"]);
});

test("the control of the bundle shows the card", () => {
  const control = registered().get("gradesys.GradeCard")!;

  const markup = shown(control, contextOf({ score: { raw: 61.65 }, explanation: { raw: WRITTEN.sum } }));

  expect(textIn(markup, "gs-score")).toBe("61.65");
  expect(textIn(markup, "gs-next")).toBe("18.35 missing to Excellent");
});
