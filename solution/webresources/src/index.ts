/** What Dataverse calls: the functions of the commands and of the form. */

export { recomputeForm } from "./formButton";
export { onFormLoad } from "./formScript";
export { recomputeSelected } from "./gridButton";
export { recomputeAll } from "./tableButton";
