/** The global `Xrm` that web resources find on the page. */

import { App } from "./app.js";
import { Navigation } from "./navigation.js";
import { Utility } from "./utility.js";
import { WebApi } from "./webapi.js";

globalThis.Xrm = { App, Navigation, Utility, WebApi };
