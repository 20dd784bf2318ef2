// Helps to fill in the forms. Everything important works without it.
(() => {
  "use strict";
  const one = (id) => document.getElementById(id);
  const username = one("username");
  const password = one("password");
  const form = password.form;

  // Seeing what one types.
  const show = one("show");
  const reveal = (yes) => {
    password.type = yes ? "text" : "password";
    show.textContent = yes ? show.dataset.hide : show.dataset.show;
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

  // A rough guess at how long guessing takes; the server has the last word.
  const strength = one("strength");
  const words = strength.dataset.words.split("|");
  const weigh = () => {
    const value = password.value.normalize("NFC");
    if (!value) {
      strength.textContent = "";
      return;
    }
    const kinds = [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^a-zA-Z0-9]/, 30]];
    const pool = kinds.reduce((sum, [kind, size]) => sum + (kind.test(value) ? size : 0), 0);
    // Repeats and runs such as "aaa" and "123" count for little.
    let length = 0;
    for (let at = 0; at < value.length; at += 1) {
      const step = at ? value.charCodeAt(at) - value.charCodeAt(at - 1) : 9;
      length += Math.abs(step) <= 1 ? 0.3 : 1;
    }
    const name = username && username.value.trim().toLowerCase();
    if (name && value.toLowerCase().includes(name)) length -= name.length;
    const bits = Math.log2(pool) * Math.min(length, new Set(value).size * 1.5);
    const level = value.length < 8 || bits < 34 ? 0 : bits < 46 ? 1 : bits < 62 ? 2 : 3;
    strength.textContent = words[level];
    strength.dataset.level = String(level);
  };
  // What the server said was about another password.
  const changed = () => {
    one("password-error").textContent = "";
    password.removeAttribute("aria-invalid");
    password.closest(".field").classList.remove("wrong");
    weigh();
  };
  password.addEventListener("input", changed);

  // Whether the name will do, while one types. No answer is no news.
  const error = one("username-error");
  if (username && !username.readOnly) {
    let asked = 0;
    let timer;
    const look = async () => {
      clearTimeout(timer);
      const name = username.value.trim();
      asked += 1;
      const mine = asked;
      if (!name) return;
      try {
        const url = username.dataset.check;
        const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}name=${encodeURIComponent(name)}`);
        if (!answer.ok) return;
        const { fault } = await answer.json();
        if (mine !== asked) return;
        error.innerHTML = fault || "";
        username.closest(".field").classList.toggle("wrong", Boolean(fault));
        username.setAttribute("aria-invalid", String(Boolean(fault)));
      } catch {}
    };
    username.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, 350);
    });
    username.addEventListener("change", look);
  }

  // Twice is not better than once.
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("[type=submit]")) button.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const button of form.querySelectorAll("[type=submit]")) button.disabled = false;
  });
})();
