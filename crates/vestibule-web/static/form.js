// Helps to fill in the forms. Everything important works without it.
(() => {
  "use strict";
  const one = (id) => document.getElementById(id);
  const username = one("username");
  const password = one("password");
  const form = password.form;
  const alert = one("alert");

  // Focus on an error that is not about a field; the browser itself focuses the first wrong field.
  if (alert && !form.querySelector("[aria-invalid=true]")) alert.focus();

  // An error disappears when its field changes: it was about another text.
  const clear = (field) => {
    const error = one(`${field.id}-error`);
    if (error) error.textContent = "";
    field.removeAttribute("aria-invalid");
    field.closest(".field").classList.remove("wrong");
    const link = alert && alert.querySelector(`[href="#${field.id}"]`);
    if (link) link.parentElement.remove();
    if (alert && alert.querySelector("ul") && !alert.querySelector("li")) alert.remove();
  };

  // The password stays in this tab, never in an answer: for the page after the form, and for the form itself if the
  // server finds an error in it.
  const key = () => `password ${form.dataset.invite}`;
  try {
    const { password: before } = JSON.parse(sessionStorage.getItem(key())) ?? {};
    if ("again" in form.dataset && before) password.value = before;
    else sessionStorage.removeItem(key());
  } catch {}
  form.addEventListener("submit", () => {
    const kept = { form: form.elements.grant.value.slice(0, 16), password: password.value };
    try {
      sessionStorage.setItem(key(), JSON.stringify(kept));
    } catch {}
  });

  // Seeing what one types.
  const show = one("show");
  const reveal = (yes) => {
    password.type = yes ? "text" : "password";
    show.setAttribute("aria-pressed", String(yes));
  };
  show.hidden = false;
  show.addEventListener("click", () => {
    reveal(password.type === "password");
    password.focus();
  });

  // A password that is easy to say and to type on any keyboard: four words of two syllables out of 80 each, which
  // makes 80^8 of them (50 bits). It is made here, so that it never comes from the server.
  const consonants = "bdfghjklmnprstvz";
  const vowels = "aeiou";
  const suggest = () => {
    const draws = crypto.getRandomValues(new Uint32Array(8));
    const syllables = Array.from(draws, (draw) => consonants[draw % 16] + vowels[Math.floor(draw / 16) % 5]);
    return [0, 2, 4, 6].map((at) => syllables[at] + syllables[at + 1]).join("-");
  };
  one("tools").hidden = false;
  one("suggest").addEventListener("click", () => {
    password.value = suggest();
    reveal(true);
    changed();
    password.focus();
  });

  // A rough guess at how long guessing takes; the server has the last word. It is announced after a pause.
  const strength = one("strength");
  const words = strength.dataset.words.split("|");
  let pause;
  const weigh = () => {
    const value = password.value.normalize("NFC");
    const kinds = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^a-zA-Z0-9]/, 30]];
    const pool = kinds.reduce((sum, [kind, size]) => sum + (kind.test(value) ? size : 0), 0);
    // Repeats and runs such as "aaa" and "123" count for little.
    let length = 0;
    for (let at = 0; at < value.length; at += 1) {
      const step = at ? value.charCodeAt(at) - value.charCodeAt(at - 1) : 9;
      length += Math.abs(step) <= 1 ? 0.3 : 1;
    }
    const name = username && username.value.trim().split("@")[0].toLowerCase();
    if (name && value.toLowerCase().includes(name)) length -= name.length;
    const bits = Math.log2(pool) * Math.min(length, new Set(value).size * 1.5);
    const level = value.length < 8 || bits < 34 ? 0 : bits < 46 ? 1 : bits < 62 ? 2 : 3;
    strength.textContent = value && words[level];
    strength.dataset.level = String(level);
    clearTimeout(pause);
    pause = setTimeout(() => (one("strength-said").textContent = strength.textContent), 1200);
  };
  const changed = () => {
    clear(password);
    weigh();
  };
  password.addEventListener("input", changed);
  // Beside an error, praise would contradict it.
  if (password.value && !password.closest(".wrong")) weigh();

  // The address, and whether the name will do, while one types. No answer is no news.
  if (username && !username.readOnly) {
    const address = one("address");
    const preview = one("preview");
    const proposals = one("proposals");
    // Password managers save the address, which apps ask for: exactly one field may be the username.
    address.disabled = false;
    address.autocomplete = "username";
    username.autocomplete = "off";
    const name = (text) => {
      address.value = text;
      preview.querySelector("bdi").textContent = text;
      preview.hidden = !text;
      one("username-hint").hidden = Boolean(text);
      username.setAttribute("aria-describedby", `username-error ${text ? "preview" : "username-hint"}`);
    };
    const propose = (names) => {
      proposals.replaceChildren(
        ...names.map((text) => {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "chip";
          button.textContent = text;
          button.addEventListener("click", () => {
            username.value = text;
            typed();
            look();
            (password.value ? form.querySelector("[type=submit]") : password).focus();
          });
          return button;
        }),
      );
      proposals.hidden = !names.length;
    };
    let asked = 0;
    let timer;
    const look = async () => {
      clearTimeout(timer);
      const text = username.value.trim();
      asked += 1;
      const mine = asked;
      if (!text) return;
      try {
        const url = username.dataset.check;
        const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}name=${encodeURIComponent(text)}`);
        if (!answer.ok) return;
        const found = await answer.json();
        if (mine !== asked) return;
        one("username-error").innerHTML = found.fault || "";
        username.closest(".field").classList.toggle("wrong", Boolean(found.fault));
        username.setAttribute("aria-invalid", String(Boolean(found.fault)));
        name(found.address || "");
        propose(found.proposals);
      } catch {}
    };
    const typed = () => {
      clear(username);
      propose([]);
      const text = username.value.trim().split("@")[0].toLowerCase();
      // What cannot be in an address is left to the server.
      name(text && !/[\s"&'/:<>@]/.test(text) ? text + one("host").textContent : "");
    };
    username.addEventListener("input", () => {
      typed();
      clearTimeout(timer);
      timer = setTimeout(look, 350);
    });
    username.addEventListener("change", look);
    propose([...proposals.children].map((link) => link.textContent));
  }

  // Twice is not better than once.
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("[type=submit]")) button.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll("[type=submit]")) button.disabled = false;
  });
})();
