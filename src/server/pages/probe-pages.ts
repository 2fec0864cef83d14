// `GET /health/live` and `GET /health/ready`: what an orchestrator asks, to know whether to start the process anew, and whether
// to send it requests. They say nothing but that, to anybody.
import { problem, problemResponse } from "../../http/problem.js";
import { jsonPage, type PageAnswer, type ServedPage, type Site } from "../page.js";
import { RETRY_AFTER_HEALTH, unwell } from "./health-page.js";

/** Kubernetes' own server has them under the second names (manual: «Kubernetes API health endpoints»). */
export const createProbes = (site: Site): readonly ServedPage[] => {
  const ready = createReady(site);
  return [
    { path: "/health/live", get: live },
    { path: "/health/ready", get: ready },
    { path: "/livez", get: live },
    { path: "/readyz", get: ready },
  ];
};

/** Whoever can answer this lives. */
const live: PageAnswer = () => jsonPage({ status: "ok" });

/** 503 while a database is away and has no replica that reads can go to, and as soon as the server has been told to stop. */
function createReady({ mounts, isStopping }: Site): PageAnswer {
  return async () => {
    if (isStopping()) return stopping();
    const all = await Promise.all(mounts.map(({ api }) => api.ready()));
    return all.every(Boolean) ? jsonPage({ status: "ok" }) : unwell([]);
  };
}

function stopping() {
  const headers = { "retry-after": RETRY_AFTER_HEALTH, "cache-control": "no-store" };
  return problemResponse(problem("stopping", "It answers what still comes, and closes its port then.", { headers }));
}
