// A thread that lays one graph out, and ends.
import { parentPort, workerData } from "node:worker_threads";
import { layOut } from "./layout.js";

parentPort?.postMessage(await layOut(workerData));
