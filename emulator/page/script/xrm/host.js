/** The global `Xrm` that web resources find on the page. */

import { Navigation } from "./navigation.js";
import { Utility } from "./utility.js";
import { WebApi } from "./webapi.js";

globalThis.Xrm = { Navigation, Utility, WebApi };
