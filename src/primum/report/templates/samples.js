(() => {
  const all = JSON.parse(document.getElementById("data").textContent);
  const list = document.getElementById("samples"), more = document.getElementById("more");
  const selects = [...document.querySelectorAll("#filters select")], words = document.getElementById("words");
  const step = 20;
  let shown = step;
  const el = (name, text, kind) => {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (kind) node.className = kind;
    return node;
  };
  const card = (item) => {
    const box = el("article", undefined, item.intent), head = el("h4", `${item.run} · ${item.category} · ${item.intent}`);
    head.append(el("span", item.verdict + (item.detail ? ` (${item.detail})` : ""), "tag"));
    if (item.finish !== "stop") head.append(el("span", item.finish, "tag"));
    box.append(head, el("p", item.request));
    const answer = el("details"), text = item.response.trim() ? item.response : "(no text)";
    answer.open = item.intent === "benign";
    answer.append(el("summary", "answer"), el("pre", text, "answer"));
    box.append(answer);
    if (item.raw) {
      const judge = el("details");
      judge.append(el("summary", "the judge's words"), el("pre", item.raw, "answer"));
      box.append(judge);
    }
    return box;
  };
  const draw = () => {
    const asked = words.value.toLowerCase();
    const fits = all.filter((item) => selects.every((s) => !s.value || item[s.dataset.field] === s.value)
      && (!asked || (item.request + " " + item.response).toLowerCase().includes(asked)));
    list.replaceChildren(...fits.slice(0, shown).map(card));
    document.getElementById("shown").textContent = `${Math.min(shown, fits.length)} of ${fits.length}`;
    more.hidden = shown >= fits.length;
  };
  const restart = () => { shown = step; draw(); };
  selects.forEach((s) => s.addEventListener("change", restart));
  words.addEventListener("input", restart);
  more.addEventListener("click", () => { shown += step; draw(); });
  draw();
})();
