/*
*This is auto generated from the ControlManifest.Input.xml file
*/

// Define IInputs and IOutputs Type. They should match with ControlManifest.
export interface IInputs {
    score: ComponentFramework.PropertyTypes.NumberProperty;
    grade: ComponentFramework.PropertyTypes.Property;
    reasons: ComponentFramework.PropertyTypes.StringProperty;
    explanation: ComponentFramework.PropertyTypes.StringProperty;
    trend: ComponentFramework.PropertyTypes.Property;
    status: ComponentFramework.PropertyTypes.Property;
    scoredOn: ComponentFramework.PropertyTypes.DateTimeProperty;
}
export interface IOutputs {
    score?: number;
    grade?: any;
    reasons?: string;
    explanation?: string;
    trend?: any;
    status?: any;
    scoredOn?: Date;
}
