/** Before each test: a clock that only tests turn, a page that is seen, and the models of a table. */

import { beforeEach } from "vitest";
import { begin } from "./world";

beforeEach(begin);
