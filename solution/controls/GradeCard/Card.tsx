// The card as a whole: what is known first, then why, then what would raise it, then the sum.

import * as React from "react";
import { exactScore } from "./account";
import { Columns, valueOf } from "./columns";
import { Details } from "./Details";
import { Explanation, readExplanation } from "./explanation";
import { Head } from "./Head";
import { Language, say } from "./language";
import { NextGrade } from "./NextGrade";
import { Reasons } from "./Reasons";
import { StatusLine } from "./StatusLine";
import { quiet, Theme } from "./theme";

export interface Look {
  readonly language: Language;
  readonly theme: Theme;
}

interface Props extends Look {
  readonly columns: Columns;
}

export function Card({ columns, ...look }: Props): React.ReactElement {
  const isHidden = columns.score.is === "hidden";
  const text = isHidden ? null : valueOf(columns.explanation);
  const explanation = text === null ? null : readExplanation(text);
  const score = exactScore(valueOf(columns.score), explanation);
  return (
    <section className="gs-card" dir={look.language.isRightToLeft ? "rtl" : "ltr"} style={frame(look.theme)}>
      <Head {...look} columns={columns} score={score} />
      <StatusLine {...look} columns={columns} asOf={explanation?.asOf ?? null} />
      {explanation && <NextGrade {...look} explanation={explanation} options={columns.gradeOptions} />}
      <Reasons {...look} parts={explanation?.parts ?? []} reasons={columns.reasons} />
      {explanation && <Details {...look} explanation={explanation} isCurrent={score === explanation.score} />}
      {missingDetails(columns, explanation).map((key) => (
        <div key={key} className="gs-remark" style={quiet(look.theme)}>
          {say(look.language, key)}
        </div>
      ))}
    </section>
  );
}

/** Why there are no details, where a user could expect them. */
function missingDetails({ score, explanation }: Columns, read: Explanation | null): readonly string[] {
  if (score.is === "hidden" || read !== null) return [];
  if (explanation.is === "hidden") return ["details_hidden"];
  return explanation.is === "told" ? ["details_unreadable"] : [];
}

function frame(theme: Theme): React.CSSProperties {
  return {
    color: theme.colorNeutralForeground1,
    display: "flex",
    flexDirection: "column",
    fontFamily: theme.fontFamilyBase,
    fontSize: theme.fontSizeBase300,
    gap: "8px",
    lineHeight: 1.4,
    padding: "4px 0",
    textAlign: "start",
    width: "100%",
  };
}
