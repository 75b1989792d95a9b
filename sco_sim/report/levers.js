// The levers look up one of the simulated settings; what was not simulated cannot be chosen.
const pullLevers = (found) => {
  const byId = (name) => document.getElementById(name), controls = byId("levers-controls");
  const pulled = [...controls.querySelectorAll("[data-lever]")].sort((a, b) => a.dataset.lever - b.dataset.lever);
  const scenario = byId("lever-scenario"), year = byId("lever-year"), guess = byId("lever-guess"), start = location.hash;
  const say = (words) => { byId("lever-said").textContent = words; };
  const key = () => [scenario ? scenario.value : found.scenarios[0][0], ...pulled.map((one) => one.value)].join(",");
  const choose = (words) => {
    const parts = words.split(",");
    if (scenario) scenario.value = parts[0];
    pulled.forEach((one, at) => { one.value = parts[at + 1]; });
  };
  const draw = () => {
    pulled.forEach((one, at) => {
      if (one.type !== "range") return;
      one.setAttribute("aria-valuetext", found.levers[at].values[one.value]);
      one.nextElementSibling.textContent = found.levers[at].values[one.value];
    });
    const at = found.points[key()], cells = at === undefined ? null : found.cells[at][Number(year.value)];
    document.querySelectorAll("[data-outcome]").forEach((row, outcome) => {
      const [mean, low, high, settled, gap, level] = cells ? cells[outcome] : [0, 0, 0, 0, "not simulated", ""];
      const [least, most] = found.reach[outcome], x = (value) => 5 + 150 * (value - least) / ((most - least) || 1);
      const [zero, bar, dot] = row.querySelector("svg").children;
      for (const end of ["x1", "x2"]) zero.setAttribute(end, x(0).toFixed(1));
      bar.setAttribute("x1", x(low).toFixed(1));
      bar.setAttribute("x2", x(high).toFixed(1));
      dot.setAttribute("cx", x(mean).toFixed(1));
      row.querySelector(".gap").textContent = gap;
      row.querySelector(".sign").textContent = !cells || (!low && !high && !mean) ? "" : settled ? "settled" : "not settled";
      row.querySelector(".level").textContent = level;
    });
    if (byId("lever-file")) byId("lever-file").disabled = at === undefined;
    return cells;
  };
  const moved = () => {
    const cells = draw();
    history.replaceState(null, "", `#levers=${key()};${found.years[year.value]}`);
    say("");
    byId("lever-judged").textContent = "";
    byId("lever-ask").hidden = byId("lever-answer").hidden = guess.checked;
    byId("lever-ask").hidden = !guess.checked;
    document.querySelectorAll("[name=lever-expect]").forEach((one) => { one.checked = false; });
    return cells;
  };
  controls.addEventListener("input", moved);
  guess.addEventListener("input", moved);
  byId("lever-show").addEventListener("click", () => {
    const expected = document.querySelector("[name=lever-expect]:checked");
    if (!expected) { say("Choose one of the three first."); return; }
    const cells = draw(), sign = cells && cells[0][3] ? Math.sign(cells[0][0]) : 0;
    byId("lever-judged").textContent = Number(expected.value) === sign ? "As you expected." : "Not as you expected.";
    byId("lever-ask").hidden = true;
    byId("lever-answer").hidden = false;
  });
  byId("lever-reset").addEventListener("click", () => { choose(found.reference); moved(); });
  byId("lever-link").addEventListener("click", async () => {
    moved();
    try { await navigator.clipboard.writeText(location.href); say("Copied."); } catch { say("The link is in the address line."); }
  });
  if (byId("lever-file")) byId("lever-file").addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([found.files[found.points[key()]]], { type: "application/yaml" }));
    link.download = "scenario.yaml";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  const [asked, then] = start.startsWith("#levers=") ? start.slice(8).split(";") : ["", ""];
  choose(asked in found.points ? asked : found.reference);
  if (found.years.includes(Number(then))) year.value = found.years.indexOf(Number(then));
  draw();
};
