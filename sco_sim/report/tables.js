// On a narrow screen a table that is wider than it stands as a list: each row under its name, each cell beside its heading.
const stackTables = () => {
  const narrow = matchMedia("(max-width: 30rem)");
  const label = (table) => {
    const heads = [...table.tHead.rows[0].cells].map((one) => one.textContent);
    for (const cell of table.querySelectorAll("tbody td")) {
      if (cell.dataset.head !== undefined) continue;
      cell.dataset.head = heads[cell.cellIndex];
      if (!cell.textContent.trim() && !cell.children.length) cell.textContent = "";
      if (cell.childNodes.length > 1) {
        const whole = document.createElement("span");
        whole.append(...cell.childNodes);
        cell.append(whole);
      }
    }
  };
  const stack = () => {
    for (const box of document.querySelectorAll(".scroll")) {
      const table = box.firstElementChild;
      table.classList.remove("stack");
      if (!narrow.matches || box.scrollWidth <= box.clientWidth + 1) continue;
      label(table);
      table.classList.add("stack");
    }
  };
  narrow.addEventListener("change", stack);
  document.addEventListener("toggle", stack, true);
  const rows = document.querySelector("#map-table tbody");
  if (rows) new MutationObserver(stack).observe(rows, { childList: true });
  stack();
};
