// The control as the platform sees it: from its context to one React element. It reads and shows;
// it has nothing to give back, and waits for nothing.

import * as React from "react";
import { Card } from "./Card";
import { readColumns } from "./columns";
import { IInputs, IOutputs } from "./generated/ManifestTypes";
import { Language } from "./language";
import { themeOf } from "./theme";

const PERSIAN = 1065;

type Context = ComponentFramework.Context<IInputs>;

export class GradeCard implements ComponentFramework.ReactControl<IInputs, IOutputs> {
  public init(): void {
    // Nothing to prepare: every figure comes with the context.
  }

  public updateView(context: Context): React.ReactElement {
    return React.createElement(Card, {
      columns: readColumns(context.parameters),
      language: languageOf(context),
      theme: themeOf(context.fluentDesignLanguage?.tokenTheme),
    });
  }

  public getOutputs(): IOutputs {
    return {};
  }

  public destroy(): void {
    // Nothing is held.
  }
}

function languageOf({ userSettings, resources }: Context): Language {
  return {
    isPersian: userSettings.languageId === PERSIAN,
    isRightToLeft: userSettings.isRTL,
    offsetAt: (instant) => userSettings.getTimeZoneOffsetMinutes(instant),
    resource: (key) => resources.getString(key),
  };
}
