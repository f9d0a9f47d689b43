// Saving a chart as it is seen: SVG as drawn, PNG from that.

import { draw } from "./chart.js";
import { look } from "./palette.js";

const PAPER = { text: "#333", grid: "#e4e4e4", ground: "#fff" };

// saveSVG saves a chart, on white and with a legend.
export function saveSVG(chart) {
  save(new Blob([source(chart)], { type: "image/svg+xml" }), chart.title + ".svg");
}

// savePNG saves a chart in two pixels a point.
export async function savePNG(chart) {
  const url = URL.createObjectURL(new Blob([source(chart)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    save(await new Promise((done) => canvas.toBlob(done, "image/png")), chart.title + ".png");
  } finally {
    URL.revokeObjectURL(url);
  }
}

function source(chart) {
  const curves = chart.curves.map((c) => ({ ...c, ...look(c.place, true) }));
  const legend = curves.slice(0, 30).map(({ name, color, dash }) => ({ name, color, dash }));
  const { element } = draw({ ...chart, curves, theme: PAPER, legend, width: 720, height: 400 + 16 * legend.length });
  element.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(element);
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replaceAll(/[^\p{L}\p{N}._ -]+/gu, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
