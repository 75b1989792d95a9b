"use strict";
// The map shows one scenario, year and quantity; nothing is drawn that is not in the table of the year.
const drawMap = (map) => {
  const byId = (name) => document.getElementById(name);
  const picture = byId("map-picture"), paths = [...picture.querySelectorAll(".tie")], legs = [...picture.querySelectorAll(".leg")];
  const discs = [...picture.querySelectorAll(".state")], year = byId("map-year"), table = byId("map-table");
  const TRADE = "trade", SHARE = "conflict_share_observed";
  const number = (text) => Number(text.replaceAll(",", ""));
  const drawn = (value, [least, span, power], top) => least + span * (Math.abs(value) / top) ** power;
  const shown = () => {
    const show = document.querySelector("[name=map-show]:checked").value, scenario = Number(byId("map-scenario").value);
    return { show, scenario, at: Number(year.value), of: show === "before" ? 0 : scenario };
  };
  const gap = (key, tie) => { const now = shown(); return map.gaps[now.scenario - 1][key][now.at][tie]; };
  const level = (key, tie, run) => map.levels[run][key][shown().at][tie];
  const settled = (key, tie) => { const now = shown(); return map.settled[now.scenario - 1][key][now.at][tie] === "1"; };

  const look = (tie) => {
    const { show, of } = shown();
    if (show === "before" || show === "after") {
      const trade = number(level(TRADE, tie, of)), share = number(level(SHARE, tie, of));
      const colour = map.breaks.filter((one) => share >= one).length;
      return [`tie c${colour}`, drawn(trade, map.level.width, map.level.top), drawn(trade, map.level.opacity, map.level.top)];
    }
    const value = number(gap(show, tie)), rule = map.gap[show], better = show === SHARE ? value < 0 : value > 0;
    const opacity = settled(show, tie) ? drawn(value, rule.opacity, rule.top) : map.faded;
    return [`tie ${better ? "up" : "down"}`, drawn(value, rule.width, rule.top), opacity];
  };
  const words = (tie) => {
    const { show, scenario, of } = shown(), [a, b] = map.ties[tie], name = `${map.states[a]} \u2013 ${map.states[b]}`;
    if (show === "before" || show === "after")
      return `${name}: trade ${level(TRADE, tie, of)} bn USD of 2015, conflict share ${level(SHARE, tie, of)} %`;
    const unit = show === TRADE ? "bn USD of 2015" : "points", sure = settled(show, tie) || number(gap(show, tie)) === 0;
    return `${name}: ${show === TRADE ? "trade" : "conflict share"} ${gap(show, tie)} ${unit}${sure ? "" : " (sign not settled)"}, from ${level(show, tie, 0)} to ${level(show, tie, scenario)}`;
  };
  const rank = (tie) => { const { show, of } = shown(); return Math.abs(number(show === "before" || show === "after" ? level(TRADE, tie, of) : gap(show, tie))); };
  const read = () => {
    const state = byId("map-state").value, now = map.years[shown().at];
    const own = map.ties.map((_, tie) => tie).filter((tie) => map.ties[tie].includes(state)).sort((a, b) => rank(b) - rank(a));
    byId("map-reading").textContent = state ? `${now}, most of all: ${own.slice(0, 3).map(words).join("; ")}.` : `${now}: point at a tie or choose a state to read its figures.`;
  };
  const fill = () => {
    const { scenario } = shown(), body = table.querySelector("tbody");
    byId("map-caption").textContent = `${byId("map-scenario").selectedOptions[0].textContent}, ${map.years[shown().at]}: trade in bn USD of 2015, means over worlds; * sign settled.`;
    body.replaceChildren(...map.ties.map((_, tie) => tie).sort((a, b) => rank(b) - rank(a)).map((tie) => {
      const row = document.createElement("tr");
      const cells = [map.ties[tie].join("-"), ...[TRADE, SHARE].flatMap((key) => [level(key, tie, 0), level(key, tie, scenario), gap(key, tie) + (settled(key, tie) ? " *" : "")])];
      row.append(...cells.map((text, column) => { const cell = document.createElement(column ? "td" : "th"); cell.textContent = text; if (!column) cell.scope = "row"; return cell; }));
      return row;
    }));
  };
  const draw = () => {
    const { show, at, of, scenario } = shown(), state = byId("map-state").value;
    const title = document.createElement("bdi");
    title.textContent = show === "before" ? document.querySelector("[name=map-show]:checked").parentElement.querySelector("bdi").textContent : byId("map-scenario").selectedOptions[0].textContent;
    byId("map-of").replaceChildren(title, `, ${map.years[at]}`);
    paths.forEach((path, tie) => {
      const [style, width, opacity] = look(tie), own = !state || map.ties[tie].includes(state);
      path.setAttribute("class", style);
      path.setAttribute("stroke-width", width.toFixed(1));
      path.setAttribute("opacity", (own ? opacity : 0.15 * opacity).toFixed(2));
    });
    legs.forEach((leg, one) => {
      const shares = map.legs[one].filter(([run]) => run === (show === "before" ? 0 : scenario)).map(([, share]) => share[at]);
      const share = Math.max(0, ...shares);
      leg.setAttribute("opacity", (share < map.seen ? 0 : share).toFixed(2));
    });
    year.setAttribute("aria-valuetext", map.years[at]);
    byId("map-year-words").textContent = map.years[at];
    const key = show === TRADE ? "gap-trade" : show === SHARE ? "gap-share" : "levels";
    document.querySelectorAll("[data-key]").forEach((one) => { one.hidden = one.dataset.key !== key; });
    read();
    if (table.open) fill();
  };
  document.querySelector("#map .controls").addEventListener("input", draw);
  table.addEventListener("toggle", () => { if (table.open) fill(); });

  // The tie nearest to the pointer, along the curve that is drawn.
  const NEAR = 18, points = paths.map((path) => [...Array(17).keys()].map((part) => path.getPointAtLength(path.getTotalLength() * part / 16)));
  picture.addEventListener("pointermove", (event) => {
    const box = picture.getBoundingClientRect(), scale = picture.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    let best = -1, least = NEAR;
    points.forEach((curve, tie) => {
      if (Number(paths[tie].getAttribute("stroke-width")) < 0.1) return;
      for (const point of curve) {
        const away = Math.hypot(point.x - x, point.y - y);
        if (away < least) { least = away; best = tie; }
      }
    });
    if (best < 0) read(); else byId("map-reading").textContent = `${map.years[shown().at]}, ${words(best)}.`;
  });
  picture.addEventListener("pointerleave", read);
  discs.forEach((disc, one) => disc.addEventListener("click", () => { byId("map-state").value = Object.keys(map.states)[one]; draw(); }));
};
