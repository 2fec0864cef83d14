// The script of the diagram's page: its search box leaves in the list of tables what holds the word. Without it, the list is links.
import { assetOf } from "./asset.js";

export const diagramScript = assetOf(
  "diagram.js",
  `const find = document.getElementById("find");
const lists = [...document.querySelectorAll("aside details")];
const openAtFirst = new Set(lists.filter((list) => list.open));
const itemsOf = (list) => [...list.querySelectorAll("li")];

const show = (list, word) => {
  for (const item of itemsOf(list))
    item.hidden = word !== "" && (item.className === "all" || !item.textContent.toLowerCase().includes(word));
  list.hidden = itemsOf(list).every((item) => item.hidden);
  list.open = word === "" ? openAtFirst.has(list) : true;
};

document.getElementById("search").hidden = false;
find.addEventListener("input", () => {
  for (const list of lists) show(list, find.value.trim().toLowerCase());
});
// Enter follows the first one that is left, and a slash leads to the box.
find.addEventListener("keydown", ({ key }) => {
  if (key === "Enter" && find.value.trim() !== "") lists.flatMap(itemsOf).find((item) => !item.hidden)?.firstChild.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target === find) return;
  event.preventDefault();
  find.focus();
});
`,
);
