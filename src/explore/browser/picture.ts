// The picture of the tables, as the API draws it → an element of this page, whose tables lead to their rows.

const elements = new Set(["svg", "g", "a", "title", "text", "polygon", "polyline", "path", "ellipse", "rect", "line"]);
const attributes = new Set(
  [
    "id class transform viewBox width height points d fill stroke stroke-width stroke-dasharray x y x1 x2 y1 y2 cx cy rx ry",
    "text-anchor font-family font-size font-weight font-style text-decoration",
  ]
    .join(" ")
    .split(" "),
);
const XLINK = "http://www.w3.org/1999/xlink";
const SVG = "http://www.w3.org/2000/svg";

/** Only what draws is taken over. `lead` makes an address within this page of one beside the picture. */
export function pictureOf(svg: string, lead: (address: string) => string | undefined): Element {
  return copyOf(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, lead);
}

function copyOf(from: Element, lead: (address: string) => string | undefined): Element {
  const copy = document.createElementNS(SVG, from.localName);
  for (const { name, value } of from.attributes) if (attributes.has(name)) copy.setAttribute(name, value);
  if (from.localName === "a") {
    const href = lead(from.getAttributeNS(XLINK, "href") ?? from.getAttribute("href") ?? "");
    const title = from.getAttributeNS(XLINK, "title")?.split("\n")[0]?.trim();
    if (href !== undefined) copy.setAttribute("href", href);
    if (href !== undefined && title) copy.setAttribute("aria-label", title);
  }
  for (const child of from.childNodes) {
    if (child instanceof Element && elements.has(child.localName)) copy.append(copyOf(child, lead));
    else if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? "");
  }
  return copy;
}
