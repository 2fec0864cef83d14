// The page starts: where its API is stands in the page itself.
import "./explore.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { addressesOf } from "./addresses.js";
import { App } from "./app.js";

const place = document.getElementById("explore") as HTMLElement;
createRoot(place).render(
  <StrictMode>
    <App addresses={addressesOf(place)} />
  </StrictMode>,
);
