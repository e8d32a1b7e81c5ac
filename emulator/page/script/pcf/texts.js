/** The texts of a control: its `.resx` file in the user's language. */

import { address } from "../resources.js";

const ENGLISH = 1033;

/** `getString` of a control; English where the control has no texts in this language. */
export async function textsOf(name, languageId) {
  const found = (await read(name, languageId)) ?? (await read(name, ENGLISH)) ?? new Map();
  return (key) => found.get(key) ?? key;
}

async function read(name, languageId) {
  const file = `strings/${name.slice(name.lastIndexOf(".") + 1)}.${languageId}.resx`;
  const answer = await fetch(address(`cc_${name}/${file}`));
  if (!answer.ok) return null;
  const document = new DOMParser().parseFromString(await answer.text(), "text/xml");
  const texts = [...document.querySelectorAll("data")];
  return new Map(texts.map((data) => [data.getAttribute("name"), data.querySelector("value").textContent]));
}
