// What is missing to the next grade.

import * as React from "react";
import { Look } from "./Card";
import { Option } from "./columns";
import { Explanation, NextGrade as Next } from "./explanation";
import { Language, numberText, say, titleOf } from "./language";

interface Props extends Look {
  readonly explanation: Explanation;
  readonly options: readonly Option[];
}

export function NextGrade({ explanation, options, language }: Props): React.ReactElement | null {
  const { nextGrade, grade, score } = explanation;
  if (nextGrade === null && (grade === null || score === null)) return null;
  const text =
    nextGrade === null
      ? say(language, "best_grade")
      : say(language, "next_grade", numberText(language, nextGrade.missing), labelOf(language, options, nextGrade));
  return <div className="gs-next">{text}</div>;
}

/** The rules' own title; else what the grade column's options call it. */
function labelOf(language: Language, options: readonly Option[], { grade, title }: Next): string {
  const option = options.find(({ Value, Label }) => String(Value) === grade || Label === grade);
  return titleOf(language, title, option?.Label ?? grade);
}
