// The page of a new account: shows the password that the form has kept for this tab, to copy, to scan and to print.
(() => {
  "use strict";
  const one = (id) => document.getElementById(id);
  const account = one("account");
  const { address, copied, form, invite, uri } = account.dataset;

  // Copying also works where the clipboard is closed to scripts: over plain HTTP.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {}
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "unseen";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };
  const offerCopy = (button) => {
    const label = button.textContent;
    let timer;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = one(button.dataset.copies);
      const done = await copy(source.textContent);
      button.focus();
      // Otherwise the text is selected, to be copied by hand.
      if (!done) return getSelection().selectAllChildren(source);
      button.textContent = copied;
      one("said").textContent = copied;
      clearTimeout(timer);
      timer = setTimeout(() => {
        button.textContent = label;
        one("said").textContent = "";
      }, 2500);
    });
  };
  offerCopy(one("copy-address"));

  // Of this form alone: another one in this tab may have been for another account.
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(`password ${invite}`));
  } catch {}
  if (!kept || kept.form !== form) return;
  const shown = one("password");
  shown.textContent = kept.password;
  shown.className = "secret";
  shown.dir = "auto";
  offerCopy(one("copy-password"));
  document.querySelector(".card-password").textContent = kept.password;
  one("card-tools").hidden = false;
  one("print").addEventListener("click", () => print());
  const logIn = one("log-in");
  if (logIn) {
    logIn.firstElementChild.href = `${uri}?login;password=${encodeURIComponent(kept.password)}`;
    logIn.hidden = false;
  }

  // Conversations and Monal scan this form of an account.
  const rows = qr(JSON.stringify({ protocol: "xmpp", address, password: kept.password }));
  if (!rows) return;
  const side = rows.length + 8;
  const draw = (name, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  for (const place of document.querySelectorAll(".qr")) {
    const picture = draw("svg", { viewBox: `0 0 ${side} ${side}`, "shape-rendering": "crispEdges" });
    // Dark on light also in dark mode, because scanners expect that.
    picture.append(draw("rect", { width: side, height: side, fill: "#fff" }), draw("path", { d: path }));
    place.append(picture);
  }
  one("other-device").hidden = false;
})();
