// The whole sum, folded away until somebody wants to see it.

import * as React from "react";
import { addsUp, Step, steps } from "./account";
import { Look } from "./Card";
import { Decimal, sign } from "./decimal";
import { Explanation, Part } from "./explanation";
import { numberText, say, titleOf, valueText, windowText } from "./language";
import { quiet, SIDE_BY_SIDE } from "./theme";

interface Props extends Look {
  readonly explanation: Explanation;
  /** False where the column's score is another one than the explained. */
  readonly isCurrent: boolean;
}

export function Details({ explanation, isCurrent, ...look }: Props): React.ReactElement {
  const { language } = look;
  return (
    <details className="gs-details">
      <summary style={{ cursor: "pointer" }}>{say(language, "details")}</summary>
      <table style={{ borderCollapse: "collapse", fontSize: look.theme.fontSizeBase200, width: "100%" }}>
        <tbody>
          {explanation.parts.map((part) => (
            <PartRow key={part.indicator} {...look} part={part} />
          ))}
          {steps(explanation).map((step) => (
            <StepRow key={step.words + step.told} {...look} step={step} />
          ))}
        </tbody>
        {explanation.score !== null && (
          <tfoot>
            <Row {...look} name="gs-total" title={say(language, "total")} amount={explanation.score} />
          </tfoot>
        )}
      </table>
      <ul style={{ ...quiet(look.theme), listStyle: "none", margin: 0, padding: "4px 0" }}>
        {remarks(explanation, isCurrent, look).map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
    </details>
  );
}

function PartRow({ part, ...look }: Look & { readonly part: Part }): React.ReactElement {
  const { language } = look;
  const told = [say(language, "value", valueText(language, part.value)), windowText(language, part.window ?? [null, null])];
  const figures = say(language, "weighted", numberText(language, part.points), numberText(language, part.weight));
  const lost = sign(part.lostToCap) > 0 ? say(language, "lost_to_cap", numberText(language, part.lostToCap)) : "";
  return (
    <Row {...look} name="gs-part" title={titleOf(language, part.title, part.indicator)} amount={part.contribution}>
      <div style={{ ...SIDE_BY_SIDE, ...quiet(look.theme) }}>
        {[...told, figures, lost].map((each) => each && <span key={each}>{each}</span>)}
      </div>
    </Row>
  );
}

function StepRow({ step, ...look }: Look & { readonly step: Step }): React.ReactElement {
  const told = step.words === "others" ? numberText(look.language, step.told) : step.told;
  return <Row {...look} name="gs-step" title={say(look.language, `step_${step.words}`, told)} amount={step.amount} />;
}

interface RowProps extends Look {
  readonly name: string;
  readonly title: string;
  readonly amount: Decimal;
  readonly children?: React.ReactNode;
}

function Row({ name, title, amount, children, language, theme }: RowProps): React.ReactElement {
  const cell = { borderTop: `1px solid ${theme.colorNeutralStroke2}`, padding: "4px 0", verticalAlign: "top" };
  return (
    <tr className={name}>
      <th scope="row" style={{ ...cell, fontWeight: "inherit", textAlign: "start" }}>
        {title}
        {children}
      </th>
      <td style={{ ...cell, fontVariantNumeric: "tabular-nums", paddingInlineStart: "12px", textAlign: "end" }}>
        {numberText(language, amount)}
      </td>
    </tr>
  );
}

function remarks(explanation: Explanation, isCurrent: boolean, { language }: Look): readonly string[] {
  const told = isCurrent ? [] : [say(language, "details_of_another_score")];
  if (explanation.score !== null && !addsUp(explanation)) told.push(say(language, "need_not_add_up"));
  return [...new Set([...told, ...explanation.notes, say(language, "rules", explanation.version)])];
}
