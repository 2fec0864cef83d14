// The JSON Schemas of GeoJSON (RFC 7946).
import { geoJsonNames } from "../base/geojson.js";
import type { Components } from "./components.js";
import { type JsonSchema, orNull } from "./schema.js";

/** How deep coordinates stand is the type's affair: the API checks it. */
export const geoJsonGeometry: JsonSchema = {
  type: "object",
  description: "A GeoJSON geometry: `coordinates`, or `geometries` of a collection.",
  properties: {
    type: { type: "string", enum: geoJsonNames },
    coordinates: { type: "array", items: { type: ["array", "number"] } },
    geometries: { type: "array", items: { type: "object" } },
  },
  required: ["type"],
};

const feature = (components: Components): JsonSchema => ({
  type: "object",
  description:
    "A row as GeoJSON: `id` is its key, `geometry` its first column of geometries, `properties` are the other fields.",
  properties: {
    type: { const: "Feature" },
    id: { type: ["string", "number"] },
    geometry: orNull(components.ref("schemas", "GeoJsonGeometry", () => geoJsonGeometry)),
    properties: { type: "object", additionalProperties: true },
  },
  required: ["type", "geometry", "properties"],
});

const featureIn = (components: Components): JsonSchema =>
  components.ref("schemas", "GeoJsonFeature", () => feature(components));

export const featuresOf = (kind: "Feature" | "FeatureCollection", components: Components): JsonSchema =>
  kind === "Feature"
    ? featureIn(components)
    : components.ref("schemas", "GeoJsonFeatureCollection", () => ({
        type: "object",
        description: "Rows as GeoJSON.",
        properties: {
          type: { const: "FeatureCollection" },
          features: { type: "array", items: featureIn(components) },
        },
        required: ["type", "features"],
      }));
