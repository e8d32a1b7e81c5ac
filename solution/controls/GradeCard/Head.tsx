// Grade, score and trend: what everybody looks at first.

import * as React from "react";
import { Look } from "./Card";
import { Columns, valueOf } from "./columns";
import { numberText, say } from "./language";
import { badgeStyle, Theme } from "./theme";
import { Trend, trendOf } from "./words";

interface Props extends Look {
  readonly columns: Columns;
  readonly score: string | null;
}

const ARROWS: Readonly<Record<Trend, string>> = { up: "▲", steady: "■", down: "▼" };

export function Head({ columns, score, language, theme }: Props): React.ReactElement {
  const grade = valueOf(columns.grade);
  return (
    <div className="gs-head" style={{ alignItems: "center", display: "flex", flexWrap: "wrap", gap: "4px 12px" }}>
      {grade && (
        <span className="gs-grade" style={badgeStyle(theme, grade.colour)}>
          {grade.label}
        </span>
      )}
      <span className="gs-score" style={{ fontSize: theme.fontSizeHero800, lineHeight: 1.2 }}>
        {score !== null && numberText(language, score)}
      </span>
      {score === null && <span className="gs-no-score">{say(language, absence(columns))}</span>}
      <TrendMark columns={columns} language={language} theme={theme} />
    </div>
  );
}

function TrendMark({ columns, language, theme }: Look & { readonly columns: Columns }): React.ReactElement | null {
  const told = valueOf(columns.trend);
  if (told === null) return null;
  const trend = trendOf(told);
  return (
    <span className="gs-trend" style={{ color: trend === null ? undefined : colourOf(theme, trend) }}>
      {trend !== null && <span aria-hidden="true">{ARROWS[trend]} </span>}
      {trend === null ? told.label : say(language, `trend_${trend}`)}
    </span>
  );
}

function absence({ score }: Columns): string {
  return score.is === "hidden" ? "score_hidden" : "no_score";
}

function colourOf(theme: Theme, trend: Trend): string {
  const colours: Readonly<Record<Trend, string>> = {
    up: theme.colorPaletteGreenForeground1,
    steady: theme.colorNeutralForeground3,
    down: theme.colorPaletteRedForeground1,
  };
  return colours[trend];
}
