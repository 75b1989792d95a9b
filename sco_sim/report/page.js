(async () => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const unpacked = async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  };
  const { panels, map, levers, tables } = JSON.parse(await unpacked(data.readings));
  if (map) drawMap(map);
  if (levers) pullLevers(levers);

  // Long tables come packed.
  for (const [name, each] of Object.entries(tables)) {
    document.querySelectorAll(`[data-packed="${name}"]`).forEach((body, index) => {
      for (const row of each[index]) {
        const line = body.insertRow();
        row.forEach((text, at) => {
          const cell = at ? line.insertCell() : line.appendChild(document.createElement("th"));
          if (!at) cell.scope = "row";
          cell.textContent = text;
        });
      }
    });
  }

  stackTables();

  // A figure reads one year: arrow keys, Home and End, or the pointer; Escape goes back to the last year.
  for (const figure of document.querySelectorAll("[data-panel]")) {
    const panel = panels[figure.id], last = panel.years.length - 1;
    const cursor = figure.querySelector(".now"), year = figure.querySelector(".year");
    const values = figure.querySelectorAll(".value"), picture = figure.querySelector("svg.panel");
    let at = last;
    const read = (index, visible) => {
      at = Math.max(0, Math.min(last, index));
      figure.classList.toggle("reads", visible);
      cursor.setAttribute("x1", panel.x[at]);
      cursor.setAttribute("x2", panel.x[at]);
      year.textContent = panel.years[at];
      values.forEach((value, line) => { value.textContent = panel.words[line][at]; });
    };
    figure.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
      if (step !== undefined) { read(step, true); event.preventDefault(); }
      if (event.key === "Escape") read(last, false);
    });
    picture.addEventListener("pointermove", (event) => {
      const box = picture.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * picture.viewBox.baseVal.width;
      let nearest = 0;
      panel.x.forEach((one, index) => { if (Math.abs(one - x) < Math.abs(panel.x[nearest] - x)) nearest = index; });
      read(nearest, true);
    });
    picture.addEventListener("pointerleave", () => read(last, false));
  }

  const table = () => unpacked(data.csv);
  const say = (words) => { document.getElementById("copied").textContent = words; };
  if (data.csv) {
    document.getElementById("copy-csv").addEventListener("click", async () => {
      try { await navigator.clipboard.writeText(await table()); say("Copied."); } catch { say("The browser did not let it be copied: save it."); }
    });
    document.getElementById("save-csv").addEventListener("click", async () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([await table()], { type: "text/csv" }));
      link.download = "comparison.csv";
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  // Printed, everything is there.
  addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details:not(#map-table)")) one.open = true; });
  document.body.dataset.ready = "yes";
})();
