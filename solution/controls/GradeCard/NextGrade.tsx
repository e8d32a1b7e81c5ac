// What is missing to the next grade.

import * as React from "react";
import { Look } from "./Card";
import { Option } from "./columns";
import { Explanation } from "./explanation";
import { numberText, say } from "./language";

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
      : say(language, "next_grade", numberText(language, nextGrade.missing), labelOf(options, nextGrade.grade));
  return <div className="gs-next">{text}</div>;
}

/** How the grade column's own options call a grade that the rules name. */
function labelOf(options: readonly Option[], grade: string): string {
  return options.find((option) => String(option.Value) === grade)?.Label ?? grade;
}
